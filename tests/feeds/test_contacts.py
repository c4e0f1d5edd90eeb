"""Contacts: who agreed and is kept without a name, who did not and is only counted, and what address books hold."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_contracts.faults import FeedFault, UserFault
from etl.sources import contacts
from tests.delivered import drained, landed, load_feed, rejects_of, rows_of, run
from tests.tables import raw, rows

SAMPLES = Path(__file__).parent / "samples"
CARDS = {
    "book": "people", "consent_given": ["agreed"],
    "fields": {
        "consent": "CATEGORIES", "community": "ORG", "role": "ROLE", "language": "X-LANGUAGE",
        "last_contact": "X-LAST-CONTACT", "since": "X-SINCE", "expires": "X-EXPIRES",
    },
}  # fmt: skip
SHEET = {
    "book": "people", "consent_given": ["yes"], "zone": "Europe/Berlin", "format": "%d.%m.%Y",
    "fields": {
        "name": "Name", "community": "Wiki", "language": "Language", "role": "Function", "consent": "Agreed",
        "expires": "Until", "last_contact": "Last spoken", "address": "Mail",
    },
}  # fmt: skip
CARD = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\nCATEGORIES:{agreed}\r\n{more}END:VCARD\r\n"


def delivered(told, *paths):
    chosen = contacts.Settings.model_validate({"books": [{**told, "files": [path.name for path in paths]}]})
    return landed(contacts.deliveries(chosen)[0], *paths)


@pytest.fixture
def read(tmp_path):
    """The batches and the fault of files written as bytes or text, named by their form."""

    def read(told, *contents, suffix=".vcf"):
        paths = [tmp_path / f"{number}{suffix}" for number in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return drained(contacts.read(delivered(told, *paths)))

    return read


def card(name="Ana", agreed="Agreed", more=""):
    return CARD.format(name=name, agreed=agreed, more=more and more + "\r\n")


def people(result):
    return [name for (name,) in rows_of(result[0], "raw_contacts", "person")]


def left_out(result):
    return rows_of(result[0], "raw_contacts_left_out", "reason", "contact_count")


def test_cards_of_three_versions_are_read(read):
    result = read(CARDS, (SAMPLES / "contacts.vcf").read_bytes())
    batches, fault = result
    assert fault is None
    columns = ("person", "community", "language", "role", "since_at", "last_contact_at", "expires_on", "has_address")
    assert rows_of(batches, "raw_contacts", *columns) == [
        (
            "ayo example", "Swahili community", "sw", "administrator", datetime(2025, 3, 10), datetime(2026, 11, 2),
            date(2031, 12, 31), True,
        ),
        ("беа пример", "Russian community", "ru", "mediator", None, datetime(2026, 10, 10, 9, 30), None, True),
        ("chi lan müster", "Swahili community", "sw", None, None, None, None, False),
    ]  # fmt: skip
    assert left_out(result) == [("expired", 1), ("no_consent", 1)]
    assert [(one.line, one.rule, one.excerpt) for one in rejects_of(batches)] == [
        (58, "last_contact is a day or time", "last_contact: --9999"),
    ]


def test_a_sheet_is_read_by_the_columns_that_the_settings_name(read):
    result = read(SHEET, (SAMPLES / "contacts.csv").read_bytes(), suffix=".csv")
    columns = ("person", "community", "role", "last_contact_at", "expires_on", "has_address")
    assert rows_of(result[0], "raw_contacts", *columns) == [
        ("ayo example", "sw.demo", "administrator", datetime(2026, 11, 1, 23), date(2031, 12, 31), True),
        ("bea example", "ru.demo", "mediator", None, None, False),
    ]
    assert left_out(result) == [("expired", 1), ("no_consent", 1)]
    assert [(one.line, one.rule) for one in rejects_of(result[0])] == [(6, "expires is a day that the calendar has")]


def test_no_name_address_number_or_note_stands_in_a_build(connection):
    load_feed(connection, contacts, [delivered(CARDS, SAMPLES / "contacts.vcf")])
    tables = ("raw_contacts", "raw_contacts_left_out", "quarantine")
    stored = " ".join(str(connection.execute(f"SELECT * FROM {name}").fetchall()) for name in tables)
    for word in ("Ayo", "ayo", "Беа", "беа", "ster", "Dan", "dan ", "Eve", "example.org", "0100", "conference", "Fay"):
        assert word not in stored
    assert connection.execute("SELECT COUNT(*) FROM raw_contacts").fetchall() == [(3,)]


def test_who_says_no_in_one_file_of_a_book_is_in_none(read):
    result = read(CARDS, card("Ana") + card("Ben"), card("ANA", agreed="Other"))
    assert people(result) == ["ben"]
    assert left_out(result) == [("no_consent", 1)]


def test_consent_that_is_not_said_is_none(read):
    text = card().replace("CATEGORIES:Agreed\r\n", "")
    assert people(read(CARDS, text)) == []
    assert left_out(read(CARDS, text)) == [("no_consent", 1)]


def test_the_last_day_of_an_agreement_still_counts(read):
    """The files of these tests come on 20 November 2026."""
    told = [card(name, more=f"X-EXPIRES:{day}") for name, day in (("Ana", "20261120"), ("Ben", "2026-11-19"))]
    assert people(read(CARDS, "".join(told))) == ["ana"]


def test_an_end_of_an_agreement_that_nobody_can_read_keeps_the_entry_out(read):
    result = read(CARDS, card(more="X-EXPIRES:soon"))
    assert people(result) == []
    assert [one.rule for one in rejects_of(result[0])] == ["expires is a day that the calendar has"]


def test_people_may_be_told_apart_by_a_number(read):
    told = {**CARDS, "fields": {**CARDS["fields"], "id": "UID"}}
    assert people(read(told, card(more="UID:7") + card(more="UID:8"))) == ["7", "8"]


def test_a_later_day_than_that_of_the_file_cannot_be_a_last_contact(read):
    result = read(CARDS, card(more="X-LAST-CONTACT:20270101"))
    assert [one.rule for one in rejects_of(result[0])] == ["last_contact is not after the receipt of its file"]


def test_an_old_card_may_be_in_an_encoding_of_its_own(read):
    content = card().encode().replace(b"FN:Ana", "FN;CHARSET=ISO-8859-1:Jörg".encode("latin-1"))
    assert people(read(CARDS, content)) == ["jörg"]


@pytest.mark.parametrize("name", [b"FN:\xff\xfe", b"FN:A\0na", b"FN;CHARSET=klingon:Ana"])
def test_a_name_in_no_encoding_is_refused_without_its_words(read, name):
    result = read(CARDS, card().encode().replace(b"FN:Ana", name) + card("Ben").encode())
    assert people(result) == ["ben"]
    assert [(one.line, one.excerpt) for one in rejects_of(result[0])] == [(1, "a card")]


def test_pictures_of_megabytes_are_passed_over(read):
    photo = "PHOTO;ENCODING=b:" + "\r\n ".join(["A" * 75] * 40_000)
    assert people(read(CARDS, card(more=photo))) == ["ana"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (card() + card()[:50], "the file ends inside a card that begins on line 6"),
        ("BEGIN:VCALENDAR\nEND:VCALENDAR\n", "it is no address book"),
        ("Name,Mail\nAna,a@example.org\n", "it is no address book"),
        ("", "the file is empty"),
        ("BEGIN:VCARD\n" * 9, "cards inside one another"),
        ("BEGIN:VCARD\nEND:VEVENT\n", "END:VEVENT"),
    ],
)
def test_a_file_that_is_no_address_book_or_cut_off_is_a_fault(read, content, found):
    _, fault = read(CARDS, content)
    assert isinstance(fault, FeedFault)
    assert found in fault.found


def test_what_could_be_read_before_a_cut_is_handed_over(read):
    batches, fault = read(CARDS, card() + card("Ben")[:60])
    assert people((batches, fault)) == ["ana"]
    assert fault is not None


def test_a_column_that_is_not_there_is_a_fault_that_names_it(read):
    _, fault = read(SHEET, "Name,Wiki\nAna,en\n", suffix=".csv")
    assert "Agreed" in str(fault)
    assert "fields.consent" in str(fault)


def test_settings_want_to_know_where_consent_stands():
    for told, said in (
        ({"fields": {"name": "Name"}, "consent_given": ["yes"]}, "consent"),
        ({"fields": {"consent": "C"}, "consent_given": ["yes"]}, "which column name or id is"),
        ({"fields": {"name": "N", "consent": "C"}, "consent_given": []}, "consent_given"),
    ):
        with pytest.raises(ValueError, match=said):
            contacts.Settings.model_validate({"books": [{"book": "b", "files": ["b.csv"], **told}]})


def test_addresses_in_a_word_are_quarantined(connection, tmp_path):
    path = tmp_path / "b.vcf"
    path.write_text(card(more="ORG:ana@example.org"), encoding="utf-8")
    load_feed(connection, contacts, [delivered(CARDS, path)])
    assert connection.execute("SELECT COUNT(*) FROM raw_contacts").fetchall() == [(0,)]
    ((excerpt,),) = connection.execute("SELECT excerpt FROM quarantine").fetchall()
    assert "ana@" not in excerpt


MADE = ("core_contact", "mart_contact")


@pytest.fixture
def made(connection):
    def made(text, as_of="2026-11-01"):
        raw(connection, "raw_contacts", text, {"book": "people"})
        run(connection, as_of, *MADE)
        return lambda name, *columns: rows(connection, name, *columns)

    return made


def test_of_several_entries_of_a_person_the_latest_contact_counts_and_the_earliest_end(made):
    answer = made("""
        person | role  | last_contact_at | expires_on
        -------+-------+-----------------+-----------
        ana    | admin | 2026-10-01      |
        ana    | old   | 2026-01-01      | 2026-12-31
        ben    | admin |                 | 2026-10-31   # over since midnight
        ben    | admin | 2026-10-30      |
        cho    | admin |                 | 2026-11-01   # the last day
        """)
    assert answer("core_contact", "person_key", "role", "expires_on") == [
        ("ana", "admin", date(2026, 12, 31)),
        ("cho", "admin", date(2026, 11, 1)),
    ]


def test_ninety_days_are_counted_back_from_the_builds_day(made):
    answer = made("""
        person | since_at   | last_contact_at
        -------+------------+----------------
        ana    | 2026-01-01 | 2026-08-03      # 90 days before
        ben    | 2026-01-01 | 2026-08-02
        cho    | 2026-01-01 | 2026-11-05      # the build does not know of it yet
        dan    |            |
        eve    | 2026-05-01 | 2026-02-01      # spoken to before she came into the book
        """)
    assert answer("mart_contact", "since_at", "is_reached_90d") == [
        (datetime(2026, 1, 1), False),
        (datetime(2026, 1, 1), False),
        (datetime(2026, 1, 1), True),
        (datetime(2026, 2, 1), False),
        (datetime(2026, 10, 31), False),
    ]


@settings(max_examples=50)
@given(data=st.data())
def test_whatever_happens_to_its_bytes_an_address_book_is_read_refused_or_a_fault(data, tmp_path_factory):
    name, told = data.draw(st.sampled_from([("contacts.vcf", CARDS), ("contacts.csv", SHEET)]))
    content = bytearray((SAMPLES / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(
            st.sampled_from([b"", b"\0", b"\xff", b"\r\n ", b'"', b";=", b",", b"BEGIN:VCARD\n", b"9999999999"])
        )
        content[at : at + data.draw(st.integers(0, 30))] = piece
    path = tmp_path_factory.mktemp("mutated") / name
    path.write_bytes(content)
    batches, fault = drained(contacts.read(delivered(told, path)))
    assert fault is None or isinstance(fault, UserFault)
    for batch in batches:
        assert len({len(values) for values in batch.columns.values()}) == 1
