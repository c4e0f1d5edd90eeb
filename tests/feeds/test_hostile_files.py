"""Files made to do harm, and what fuzzing found: each ends in a refusal or a fault, soon, and nothing is unpacked to disk."""

import ast
import bz2
import gzip
import io
import json
import time
import tracemalloc
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
import zstandard
from pydantic import ValidationError

from data_contracts import yaml_file
from data_contracts.faults import LONGEST, DefinitionFault, FeedFault
from etl.feed import LandedFile
from etl.formats import content_lines, dated_notes, delimited, log_blocks, opening, strata, times, unpacking
from etl.formats.delimited import Layout
from etl.sources import aqs_editors, contacts, mediawiki_logging, tickets, zendesk
from tests.delivered import drained, landed, rejects_of

ROOT = Path(__file__).parents[2]
PACKERS = {"gzip": gzip.compress, "bzip2": bz2.compress, "zstd": zstandard.compress}
TICKETS = {"desk": "d", "files": ["d.csv"], "columns": {"id": "Ticket", "opened": "Created"}}


def given(path: Path, content: bytes) -> LandedFile:
    path.write_bytes(content)
    return LandedFile(path, path.name, "0" * 64, len(content), datetime(2026, 11, 20))


@pytest.fixture
def strict(monkeypatch):
    """Bombs are seen after a megabyte, so that tests need not unpack more."""
    monkeypatch.setattr(opening, "FREE_BYTES", 1 << 20)


def size_of(pieces) -> int:
    return sum(len(piece) for piece, _ in pieces)


@pytest.mark.parametrize("packer", PACKERS)
def test_a_bomb_is_left_when_it_has_grown_beyond_its_ratio(tmp_path, strict, packer):
    bomb = given(tmp_path / "bomb", PACKERS[packer](b"\0" * (128 << 20)))
    tracemalloc.start()
    with pytest.raises(FeedFault, match="it unpacks to more than 200 times its size"):
        size_of(opening.pieces(bomb))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 200 << 20


@pytest.mark.parametrize("program", [True, False])
def test_a_bomb_among_history_dumps_is_left_too(tmp_path, monkeypatch, strict, program):
    if not program:
        monkeypatch.setattr(unpacking.shutil, "which", lambda name: None)
    bomb = given(tmp_path / "bomb.tsv.bz2", bz2.compress(b"\0" * (128 << 20)))
    with pytest.raises(FeedFault, match="it unpacks to more than 200 times its size"):
        size_of(unpacking.pieces(bomb))


def test_a_packed_table_that_is_a_bomb_is_left(tmp_path, strict):
    bomb = given(tmp_path / "bomb.csv.gz", gzip.compress(b"Ticket,Created\n" + (b"x" * 100_000 + b",2\n") * 1_000))
    with pytest.raises(FeedFault, match="it unpacks to more than 200 times its size"):
        for _ in delimited.records(bomb, Layout()):
            pass


def test_a_small_file_of_one_repeated_row_is_no_bomb(tmp_path):
    file = given(tmp_path / "d.csv.gz", gzip.compress(b"Ticket,Created\n" + b"1,2\n" * 200_000))
    assert sum(1 for _ in delimited.records(file, Layout())) == 200_001


def test_content_has_an_end_whatever_its_ratio(tmp_path, monkeypatch):
    monkeypatch.setattr(opening, "MOST_BYTES", 100_000)
    file = given(tmp_path / "large", bytes(range(256)) * 1_000)
    with pytest.raises(FeedFault, match="it unpacks to more than 100,000 bytes"):
        size_of(opening.pieces(file))


@pytest.mark.parametrize("name", ["../../evil", "/etc/evil", "C:\\evil", "d.csv"])
def test_an_archive_is_refused_whatever_its_parts_are_called(tmp_path, name):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr(name, "Ticket,Created\n1,2026-01-01 10:00:00\n")
    file = given(tmp_path / "d.csv", content.getvalue())
    for read in (opening.pieces, unpacking.pieces, lambda file: delimited.records(file, Layout())):
        with pytest.raises(FeedFault, match="it is a zip archive"):
            list(read(file))
    assert [path.name for path in tmp_path.iterdir()] == ["d.csv"]


def test_nothing_in_the_project_unpacks_an_archive_to_disk():
    unpacking_to_disk = {"extract", "extractall", "unpack_archive"}
    paths = [path for room in ("data_contracts", "etl", "metrics", "dashboard") for path in (ROOT / room).rglob("*.py")]
    called = {
        (path.name, node.func.attr)
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    }
    assert len(paths) > 100
    assert not [one for one in called if one[1] in unpacking_to_disk]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: \0", "(special|control) characters are not allowed"),
        (f"a: {'9' * 5_000}", "a number of 5000 signs"),
        (f"a: 0x{'f' * 5_000}", "a number of 5002 signs"),
        ("a: !!int x", "it is called a number and is none"),
        ("a: !!float x", "it is called a number and is none"),
        ("a: !!python/object/apply:os.system [x]", "could not determine a constructor"),
        ("a: &one [1]\nb: [*one, *two]", "found undefined alias"),
    ],
)
def test_yaml_that_no_reader_should_die_of_is_a_fault(tmp_path, text, found):
    path = tmp_path / "a.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DefinitionFault, match=found):
        yaml_file.load(path, DefinitionFault)


def test_yaml_that_is_called_a_time_and_is_none_stays_text(tmp_path):
    (tmp_path / "a.yml").write_text("a: !!timestamp soon", encoding="utf-8")
    assert yaml_file.load(tmp_path / "a.yml", DefinitionFault).data == {"a": "soon"}


def test_yaml_of_many_megabytes_is_not_read(tmp_path):
    (tmp_path / "a.yml").write_bytes(b"#" * (yaml_file.MOST_BYTES + 1))
    with pytest.raises(DefinitionFault, match=r"8,000,001 bytes"):
        yaml_file.load(tmp_path / "a.yml", DefinitionFault)


def test_a_fault_shows_nothing_that_a_terminal_obeys_and_has_an_end():
    fault = FeedFault("a.csv:1", "\x1b]0;evil\x07 \udcff \u202e", "x" * 1_000_000)
    assert fault.found == "?]0;evil? ? ?"
    assert len(str(fault)) < LONGEST + 100
    str(fault).encode()


def test_a_header_of_signs_in_no_encoding_is_a_fault_that_can_be_shown(tmp_path):
    (delivery,) = tickets.deliveries(tickets.Settings.model_validate({"desks": [TICKETS]}))
    (tmp_path / "d.csv").write_bytes(b"Ticket,\xff\xfe\x1b[2J\nA,B\n")
    _, fault = drained(tickets.read(landed(delivery, tmp_path / "d.csv")))
    assert str(fault).replace("\n", "").isprintable()


@pytest.mark.parametrize("sign", ['"', "\n", "\r", "\0", "ab", ""])
@pytest.mark.parametrize("feed", [tickets, contacts])
def test_a_delimiter_that_separates_nothing_is_refused_with_the_settings(feed, sign):
    told = {**TICKETS, "book": "b", "fields": {"name": "N", "consent": "C"}, "consent_given": ["y"], "delimiter": sign}
    kept = [name for name in told if name in (*feed.Settings.model_fields, *_parts(feed).model_fields)]
    (name,) = feed.Settings.model_fields
    with pytest.raises(ValidationError, match="delimiter"):
        feed.Settings.model_validate({name: [{key: told[key] for key in kept}]})


def _parts(feed):
    return feed.Desk if feed is tickets else feed.Book


def test_a_stratum_in_no_encoding_is_refused_before_it_reaches_a_table(tmp_path):
    file = given(tmp_path / "strata.csv", b"wiki,edit_bucket,population\nen,1-4,5\n\xff\xfe,1-4,5\n")
    found = [one for _, one in strata.strata(file, Layout(), ("wiki", "edit_bucket"))]
    assert [type(one).__name__ for one in found] == ["Reject", "Stratum"]
    assert found[0].excerpt == "wiki"


def test_a_population_of_five_thousand_digits_is_refused(tmp_path):
    file = given(tmp_path / "strata.csv", b"wiki,population\nen,5\nde," + b"9" * 5_000 + b"\n")
    found = [one for _, one in strata.strata(file, Layout(), ("wiki",))]
    assert [type(one).__name__ for one in found] == ["Reject", "Stratum"]


def test_a_ticket_without_a_number_but_with_metrics_is_no_crash(tmp_path):
    ticket = {"created_at": "2026-10-01T07:00:00Z", "updated_at": "2026-10-01T08:00:00Z", "status": "open"}
    ticket["metric_set"] = {"id": 1, "created_at": "2026-10-01T07:00:00Z"}
    (tmp_path / "z.jsonl").write_text(json.dumps({"tickets": [ticket]}), encoding="utf-8")
    (delivery,) = zendesk.deliveries(zendesk.Settings.model_validate({"desks": [{"desk": "d", "files": ["z.jsonl"]}]}))
    batches, fault = drained(zendesk.read(landed(delivery, tmp_path / "z.jsonl")))
    assert fault is None
    assert all(one.excerpt for one in rejects_of(batches))


@pytest.mark.parametrize("at", ["2026-02-30T10:00:00Z", "2026-19-39T29:00:00Z"])
def test_an_answer_of_a_day_that_no_calendar_has_is_read_without_its_time(tmp_path, at):
    line = {"asked": {}, "at": at, "answer": {"items": []}}
    (tmp_path / "a.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    told = aqs_editors.Settings.model_validate({"projects": [{"wiki": "w", "project": "p"}], "files": ["a.jsonl"]})
    batches, fault = drained(aqs_editors.read(landed(aqs_editors.deliveries(told)[0], tmp_path / "a.jsonl")))
    assert fault is None or isinstance(fault, FeedFault)
    assert rejects_of(batches) is not None


def test_a_card_in_an_encoding_whose_name_holds_a_nul_is_refused(tmp_path):
    card = b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN;CHARSET=ut\0f-8:Ana\r\nCATEGORIES:Agreed\r\nEND:VCARD\r\n"
    (tmp_path / "a.vcf").write_bytes(card)
    book = {"book": "b", "files": ["a.vcf"], "fields": {"consent": "CATEGORIES"}, "consent_given": ["agreed"]}
    (delivery,) = contacts.deliveries(contacts.Settings.model_validate({"books": [book]}))
    batches, fault = drained(contacts.read(landed(delivery, tmp_path / "a.vcf")))
    assert fault is None
    assert [one.rule for one in rejects_of(batches)] == ["the text is in the encoding that the card names"]


def seconds_of(work) -> float:
    begins = time.perf_counter()
    work()
    return time.perf_counter() - begins


def test_blanks_cost_as_much_as_they_are_long_before_a_dump():
    text = b"\n" * 2_000_000
    assert seconds_of(lambda: log_blocks.root_and_first(text, len(text))) < 2


def test_blanks_inside_of_a_time_cost_nothing():
    def read() -> None:
        with pytest.raises(ValueError, match="a time of 100002 signs"):
            times.Clock("UTC", "%Y-%m-%d").utc("x" + " " * 100_000 + "y")

    assert seconds_of(read) < 1


@pytest.mark.parametrize(
    "content",
    [
        b"X:1\n" + b" x\n" * 300_000,
        b"NOTE;ENCODING=QUOTED-PRINTABLE:=\n" + b"=\n" * 300_000,
        b"X\n" + b" =\n" * 300_000,
    ],
    ids=["folded", "soft breaks", "folded without a colon"],
)
def test_lines_put_together_cost_as_much_as_they_are_long(tmp_path, content):
    file = given(tmp_path / "a.vcf", content)
    assert seconds_of(lambda: list(content_lines.content_lines(file))) < 5


def test_a_heading_of_blanks_costs_as_much_as_it_is_long(tmp_path):
    file = given(tmp_path / "a.md", b"## 2026-11-12" + b" " * 1_000_000 + b"x #\n")
    (note,) = dated_notes.notes(file, ())
    assert (note.day, note.title) == ("2026-11-12", "x")


@pytest.mark.parametrize("attribute", ['a="\0"', 'a="\xff"', 'b:a="1"', 'a="1" a="2"', 'a="&b;"'])
def test_a_dump_whose_first_tag_is_no_xml_is_a_fault(tmp_path, attribute):
    item = "<logitem><id>1</id><timestamp>2026-01-01T00:00:00Z</timestamp></logitem>"
    text = f"<mediawiki {attribute}>\n  {item}\n" + f"  {item}\n</mediawiki>\n"
    (tmp_path / "a.xml").write_bytes(text.encode("latin-1"))
    told = mediawiki_logging.Settings.model_validate({"wikis": [{"wiki": "w", "files": ["a.xml"]}]})
    given_ = landed(mediawiki_logging.deliveries(told)[0], tmp_path / "a.xml")
    assert isinstance(drained(mediawiki_logging.read(given_))[1], FeedFault)


def test_yaml_that_goes_deep_and_on_is_left_unread(tmp_path):
    (tmp_path / "a.yml").write_text("a: " + "[" * 600 + "b, " * 100_000, encoding="utf-8")
    with pytest.raises(DefinitionFault, match="parts inside one another without end"):
        yaml_file.load(tmp_path / "a.yml", DefinitionFault)
