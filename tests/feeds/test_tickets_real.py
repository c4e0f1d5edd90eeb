"""Real desks' exports through the mapping: the known answers of ../shared/data/tickets, and Kaplan-Meier by hand."""

import csv
import gzip
from collections import Counter
from datetime import datetime, timedelta
from statistics import median

import pytest

from etl.sources import tickets
from metrics.stats.survival import kaplan_meier
from tests.cases import make_cases
from tests.delivered import drained, landed, load_feed, rejects_of, rows_of
from tests.tables import rows

# An event log: state changes in rows, "?" is missing, and 29 incidents have a time of closing only.
UCI = {
    "desk": "uci", "files": ["log.csv"], "format": "%d-%m-%Y %H:%M", "missing": ["?"],
    "columns": {
        "id": "number", "opened": "opened_at", "first_response": "sys_updated_at", "resolved": ["resolved_at", "closed_at"],
        "channel": "contact_type", "priority": "priority", "state": "incident_state", "satisfaction": "made_sla",
    },
    "closed_states": ["Resolved", "Closed"], "unanswered_states": ["New"], "satisfaction": {"good": ["true"], "bad": ["false"]},
}  # fmt: skip
SMALL = {**UCI, "format": "%d/%m/%Y %H:%M"}
NYC = {
    "desk": "311", "files": ["nyc.csv"], "format": "%m/%d/%Y %I:%M:%S %p", "zone": "America/New_York",
    "columns": {"id": "Unique Key", "opened": "Created Date", "resolved": "Closed Date", "queue": "Agency", "state": "Status"},
    "closed_states": ["Closed"],
}  # fmt: skip


@pytest.fixture
def delivered(shared):
    """The file of that name in ../shared/data/tickets, as landed for a desk with these settings."""

    def delivered(settings, name):
        (delivery,) = tickets.deliveries(tickets.Settings.model_validate({"desks": [settings]}))
        return landed(delivery, shared("data/tickets") / name)

    return delivered


@pytest.fixture
def uci(delivered, connection):
    load_feed(connection, tickets, [delivered(UCI, "uci_incident_event_log_head.csv.gz")])
    return connection


def test_890_incidents_are_890_cases_and_of_each_the_last_event_counts(uci):
    assert len(rows(uci, "raw_tickets", "line")) == 5998 - 2
    make_cases(uci, "2017-03-01")
    assert Counter(rows(uci, "mart_case", "satisfaction", "state")) == {("good", "closed"): 495, ("bad", "closed"): 395}
    assert Counter(priority for (priority,) in rows(uci, "mart_case", "priority")) == {
        "3 - Moderate": 757, "4 - Low": 85, "2 - High": 33, "1 - Critical": 15,
    }  # fmt: skip


def test_only_the_two_events_before_their_own_opening_are_quarantined(uci):
    rule = "the first response is not before the opening"
    assert rows(uci, "quarantine", "line", "rule") == [(336, rule), (351, rule)]


def test_two_date_formats_have_one_meaning(delivered):
    large, _ = drained(tickets.read(delivered(UCI, "uci_incident_event_log_head.csv.gz")))
    small, fault = drained(tickets.read(delivered(SMALL, "uci_incident_event_log_198.csv")))
    assert fault is None
    assert len(rows_of(small, "raw_tickets", "line")) == 198
    assert rows_of(small, "raw_tickets", *tickets.COLUMNS) == rows_of(large, "raw_tickets", *tickets.COLUMNS)[:198]


def test_a_log_cut_off_inside_an_incident_leaves_that_one_open(delivered, connection):
    load_feed(connection, tickets, [delivered(SMALL, "uci_incident_event_log_198.csv")])
    make_cases(connection, "2017-03-01")
    assert Counter(state for (state,) in rows(connection, "mart_case", "state")) == {"closed": 31, "open": 1}
    assert Counter(said for (said,) in rows(connection, "mart_case", "satisfaction")) == {"good": 26, "bad": 6}


def test_new_yorks_requests_have_their_local_times_in_utc_and_no_address(delivered, connection):
    load_feed(connection, tickets, [delivered(NYC, "nyc311_noise_2016.csv")])
    make_cases(connection, "2017-01-01")
    found = rows(connection, "mart_case", "opened_at", "queue", "state", "is_resolved")
    assert Counter(found_row[1:] for found_row in found) == {("NYPD", "closed", True): 76, ("DEP", "closed", True): 41}
    assert found[0][0] == datetime(2016, 6, 21, 2, 4, 21)  # 10:04:21 PM in New York's summer
    assert "BROOKLYN" not in str(connection.execute("SELECT * FROM raw_tickets").fetchall())


AS_OF = datetime(2016, 3, 3)


def incidents(path):
    """Opening, first event that is not New, and resolution of each incident, read without the feed."""
    found = {}
    with gzip.open(path, "rt", encoding="utf-8", newline="") as text:
        for row in csv.DictReader(text):
            opened, updated, resolved, closed = (
                None if row[name] == "?" else datetime.strptime(row[name], "%d-%m-%Y %H:%M")
                for name in ("opened_at", "sys_updated_at", "resolved_at", "closed_at")
            )
            answer = found.get(row["number"], (None, None, None))[1]
            if answer is None and row["incident_state"] != "New" and updated >= opened:
                answer = updated
            found[row["number"]] = (opened, answer, resolved or closed)
    return [one for one in found.values() if one[0] < AS_OF]


def waited(opened, ended):
    """Hours and whether the wait was over by AS_OF."""
    is_over = ended is not None and ended < AS_OF
    return ((ended if is_over else AS_OF) - opened) / timedelta(hours=1), is_over


def by_hand(waits):
    """First time at which at most half still wait: the product over the times of (waiting - ended) / waiting."""
    share, waiting = 1.0, len(waits)
    for hours in sorted({hours for hours, _ in waits}):
        share *= (waiting - sum(over for time, over in waits if time == hours)) / waiting
        if share <= 0.5 + 1e-12:
            return hours
        waiting -= sum(time == hours for time, _ in waits)
    return None


@pytest.mark.parametrize(("what", "place"), [("first_response", 1), ("resolution", 2)])
def test_response_and_resolution_agree_with_kaplan_meier_by_hand(uci, shared, what, place):
    make_cases(uci, AS_OF.isoformat())
    flag = {"first_response": "is_answered", "resolution": "is_resolved"}[what]
    found = rows(uci, "mart_case", f"{what}_hours", flag)
    sample = incidents(shared("data/tickets/uci_incident_event_log_head.csv.gz"))
    expected = sorted(waited(one[0], one[place]) for one in sample)
    assert [over for _, over in found].count(False) > 20  # open cases matter in this sample
    assert found == [(pytest.approx(hours, abs=1e-9), over) for hours, over in expected]
    curve = kaplan_meier([hours for hours, _ in found], [over for _, over in found])
    assert curve.median()[0] == pytest.approx(by_hand(expected))
    assert curve.median()[0] == pytest.approx({"first_response": 5 + 11 / 60, "resolution": 53 + 27 / 60}[what])
    assert curve.median()[0] > median(hours for hours, over in expected if over)  # closed cases alone look faster


def test_kaplan_meier_of_six_cases_that_one_can_do_on_paper(connection, tmp_path):
    """4 h, 8 h, 8 h and 30 h resolved; open for 10 h and 40 h: S = 5/6, 3/6, then 3/6 x (1/2) at 30 h; median 8 h."""
    path = tmp_path / "desk.csv"
    path.write_text(
        "number,opened,resolved\n"
        "a,2026-01-01 00:00:00,2026-01-01 04:00:00\nb,2026-01-01 00:00:00,2026-01-01 08:00:00\n"
        "c,2026-01-01 01:00:00,2026-01-01 09:00:00\nd,2026-01-01 00:00:00,2026-01-02 06:00:00\n"
        "e,2026-01-02 06:00:00,\nf,2026-01-01 00:00:00,\n"
    )
    desk = {"desk": "d", "files": ["desk.csv"], "columns": {"id": "number", "opened": "opened", "resolved": "resolved"}}
    (delivery,) = tickets.deliveries(tickets.Settings.model_validate({"desks": [desk]}))
    load_feed(connection, tickets, [landed(delivery, path)])
    make_cases(connection, "2026-01-02T16:00:00")
    curve = kaplan_meier(*zip(*rows(connection, "mart_case", "resolution_hours", "is_resolved"), strict=True))
    assert list(curve.times) == [4, 8, 10, 30, 40]
    assert list(curve.survival) == pytest.approx([5 / 6, 3 / 6, 3 / 6, 3 / 12, 3 / 12])
    assert curve.median()[0] == 8
    assert rejects_of(drained(tickets.read(landed(delivery, path)))[0]) == []
