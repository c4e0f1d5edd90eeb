"""Key developments: dated items with a source, each for whom it names, and none that names a person."""

from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data_contracts.faults import FeedFault, UserFault
from etl.formats.named_people import sign_of_person
from etl.sources import developments
from metrics import query
from tests import small_build
from tests.delivered import drained, landed, load_feed, rejects_of, rows_of, run
from tests.tables import raw, rows

SAMPLES = Path(__file__).parent / "samples"
ITEM = "## {day} {title}\nsource: {source}\naudience: {audience}\n\n{text}\n"


def item(day="2026-11-12", title="Something happened", source="Signpost", audience="public", text="It did."):
    return ITEM.format(day=day, title=title, source=source, audience=audience, text=text)


@pytest.fixture
def read(tmp_path):
    """The batches and the fault of one log."""

    def read(content, name="log.md"):
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        (delivery,) = developments.deliveries(developments.Settings(files=(name,)))
        return drained(developments.read(landed(delivery, tmp_path / name)))

    return read


def refusals(result):
    return [one.rule for one in rejects_of(result[0])]


def titles(result):
    return [title for (title,) in rows_of(result[0], "raw_developments", "title")]


def test_a_log_in_markdown_is_read_item_by_item(read):
    batches, fault = read((SAMPLES / "developments.md").read_bytes())
    assert fault is None
    columns = ("line", "happened_on", "title", "is_for_program", "is_for_executive", "is_for_public")
    assert rows_of(batches, "raw_developments", *columns) == [
        (5, date(2026, 11, 12), "The report button reached the sixth wiki", True, True, True),
        (14, date(2026, 11, 10), "Budget talks begin", False, True, False),
        (
            30,
            date(2026, 11, 5),
            "Volunteers ask for <b>clearer</b> [[rules]] {{now}} #strong[*all*]",
            False,
            False,
            True,
        ),
    ]
    assert rows_of(batches, "raw_developments", "text", "source", "wiki", "pillar")[0] == (
        "All six wikis have the button now. The pilot's questions and answers stay open for two more weeks.",
        "https://meta.example.org/wiki/Safer_Wikis/Updates", "sw.demo", "tools",
    )  # fmt: skip
    assert rows_of(batches, "raw_developments", "text")[2] == ("They ask: what happens after a report?",)
    assert [(one.line, one.rule) for one in rejects_of(batches)] == [
        (24, "an item begins with its day, as in ## 2026-11-12 Title")
    ]


def test_a_log_in_a_sheet_is_read_by_its_header(read):
    batches, fault = read((SAMPLES / "developments.csv").read_bytes(), "log.csv")
    assert fault is None
    assert rows_of(
        batches, "raw_developments", "title", "is_for_program", "is_for_executive", "is_for_public", "wiki"
    ) == [
        ("The report button reached the sixth wiki", True, False, True, "sw.demo"),
        ("Training for mediators", True, True, False, None),
    ]
    assert [(one.line, one.rule) for one in rejects_of(batches)] == [(3, "texts name nobody: no e-mail address")]


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"day": "2026-11-22"}, "an item has happened when it is written down"),
        ({"day": "2026-02-30"}, "a day is written as 2026-11-12"),
        ({"day": ""}, "an item begins with its day"),
        ({"title": ""}, "an item has a title"),
        ({"source": ""}, "an item names its source"),
        ({"source": "javascript:alert(1)"}, "a source is a name or a web address"),
        ({"source": "file:///etc/passwd"}, "a source is a name or a web address"),
        ({"audience": ""}, "an item says for whom it is"),
        ({"audience": "everybody"}, "an item says for whom it is"),
        ({"audience": "public, staff"}, "an item says for whom it is"),
        ({"title": "x" * 201}, "title has at most 200 signs"),
        ({"text": "word " * 401}, "text has at most 2000 signs"),
        ({"text": "A\0B"}, "texts are plain"),
        ({"title": "txt.\u202egnp"}, "texts are plain"),
        ({"text": "Thanks to User:Ana."}, "texts name nobody: no page of a user"),
        ({"title": "Interview with @ana_example"}, "texts name nobody: no account by its @"),
        ({"source": "https://meta.example.org/wiki/User_talk:Ana"}, "texts name nobody: no page of a user"),
    ],
)
def test_what_is_wrong_with_an_item_keeps_it_out_without_its_words(read, changed, rule):
    result = read(item(**changed) + item(title="Another"))
    assert titles(result) == ["Another"]
    (told,) = refusals(result)
    assert told.startswith(rule)
    assert "Ana" not in str(rejects_of(result[0]))


@pytest.mark.parametrize(
    "text",
    ["Write to ana@example.org", "see [[Benutzerin Diskussion:Ana]]", "Участница:Ана", "利用者:Ana", "مستخدم:Ana", "~2026-12345",
     "from 192.0.2.7", "from 2001:db8:1:2:3::7", "Special:Contributions/Ana", "User%3AAna", "by @ana."],
)  # fmt: skip
def test_signs_of_persons_are_found_in_many_languages(text):
    assert sign_of_person(text) is not None


@pytest.mark.parametrize(
    "text",
    ["A user: what would they say?", "Version 1.2.3 of the tool", "The team met at 12:30:15", "100 % of users", "Users @ work",
     "https://meta.example.org/wiki/Safer_Wikis", "~2026 is the year", "Users: 5", "https://example.org/@team"],
)  # fmt: skip
def test_ordinary_sentences_name_nobody(text):
    assert sign_of_person(text) is None


def test_a_comment_that_does_not_end_is_a_fault_because_drafts_may_stand_behind_it(read):
    batches, fault = read(item() + "<!-- a draft\n" + item(title="Draft"))
    assert (batches, isinstance(fault, FeedFault)) == ([], True)
    assert fault.where.endswith(":6")


def test_headings_inside_code_are_text(read):
    result = read(item(text="```\n## 2026-11-01 not an item\n```"))
    assert titles(result) == ["Something happened"]


def test_a_name_of_a_line_that_is_misspelt_is_no_audience(read):
    assert refusals(read(item().replace("audience:", "audiance:"))) == [
        "an item says for whom it is: program, executive, public"
    ]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("", "the file is empty"),
        ("# Log\nNothing yet.\n", "it has no note"),
        (b"## \xff\n", "not UTF-8"),
        (b"PK\x03\x04", "zip"),
    ],
)
def test_a_file_that_is_no_log_says_what_it_is(read, content, found):
    _, fault = read(content)
    assert isinstance(fault, FeedFault)
    assert found in fault.found


def test_large_files_of_comments_and_lines_are_read_in_a_moment_and_larger_ones_refused(read):
    assert len(titles(read(item() + "<!---->\n" * 200_000 + "more\n" * 100))) == 1
    assert "more than 8,388,608 bytes" in str(read(item() + "a\n" * (5 << 20))[1])


def test_two_items_of_one_day_and_title_that_differ_are_both_set_aside_and_equal_ones_are_one(connection, tmp_path):
    (tmp_path / "log.md").write_text(
        item() + item() + item(title="Two", audience="program") + item(title="Two"), "utf-8"
    )
    (delivery,) = developments.deliveries(developments.Settings(files=("log.md",)))
    load_feed(connection, developments, [landed(delivery, tmp_path / "log.md")])
    run(connection, "2026-11-19", "mart_development")
    assert rows(connection, "mart_development", "title", "audience") == [("Something happened", "public")]
    assert connection.execute("SELECT COUNT(*) FROM quarantine").fetchall() == [(2,)]


LOG = """
    happened_on | title | source | is_for_program | is_for_executive | is_for_public
    ------------+-------+--------+----------------+------------------+--------------
    2026-03-30  | All   | S      | yes            | yes              | yes
    2026-03-30  | Inner | S      | yes            | no               | no
    2026-04-01  | Later | S      | yes            | yes              | yes            # not known yet on that day
"""


def test_an_item_stands_in_the_mart_once_for_each_audience(connection):
    raw(connection, "raw_developments", LOG)
    run(connection, "2026-04-01", "mart_development")
    assert rows(connection, "mart_development", "happened_at", "title", "audience") == [
        (datetime(2026, 3, 30), "All", "executive"),
        (datetime(2026, 3, 30), "All", "program"),
        (datetime(2026, 3, 30), "All", "public"),
        (datetime(2026, 3, 30), "Inner", "program"),
    ]


MART = """
    happened_at | title     | source | audience
    ------------+-----------+--------+----------
    2026-03-30  | Inner     | S      | program
    2026-03-29  | Board     | S      | executive
    2026-03-28  | Everybody | S      | public
"""


def test_the_door_hands_out_the_items_of_one_audience_and_without_a_word_those_of_the_public(tmp_path, monkeypatch):
    monkeypatch.setitem(small_build.PLAN, "mart_development", MART)
    monkeypatch.setenv("UPSTANDER_HOME", str(small_build.publish_small_build(tmp_path)))

    def told(**asked):
        return [row["title"] for row in query.listing("developments", **asked).rows]

    assert told(audience="program") == ["Inner"]
    assert told(audience="executive") == ["Board"]
    assert told(audience="public") == told() == ["Everybody"]


@settings(max_examples=50)
@given(data=st.data())
def test_whatever_happens_to_its_bytes_a_log_is_read_refused_or_a_fault(data, tmp_path_factory):
    name = data.draw(st.sampled_from(["developments.md", "developments.csv"]))
    content = bytearray((SAMPLES / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 8))):
        at = data.draw(st.integers(0, len(content) - 1))
        piece = data.draw(
            st.sampled_from([b"", b"\0", b"\xff", b"\n## ", b'"', b"<!--", b"```\n", b"9999-99-99", b"\r"])
        )
        content[at : at + data.draw(st.integers(0, 30))] = piece
    path = tmp_path_factory.mktemp("mutated") / name
    path.write_bytes(content)
    (delivery,) = developments.deliveries(developments.Settings(files=(name,)))
    batches, fault = drained(developments.read(landed(delivery, path)))
    assert fault is None or isinstance(fault, UserFault)
    for batch in batches:
        assert len({len(values) for values in batch.columns.values()}) == 1
