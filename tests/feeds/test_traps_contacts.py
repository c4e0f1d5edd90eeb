"""Contacts after a purge: the entry that ran out is gone, every other one and every refusal is as it was."""

import pytest

from etl import purge
from etl.sources import contacts
from tests.delivered import drained
from tests.feeds.test_contacts import CARDS, SHEET, card, delivered, left_out, people

HEADER = "Name;Wiki;Language;Function;Agreed;Until;Last spoken;Mail"
BOOK = {**SHEET, "delimiter": ";"}


@pytest.fixture
def left(tmp_path):
    """What is left of a file, and what is read from it, when the entries that begin on some lines are deleted."""

    def left(told, content: bytes, gone: set[int], stay: set[int]):
        path = tmp_path / "before"
        path.write_bytes(content)
        rest = purge.rest(delivered(told, path).files[0], gone, stay)
        after = tmp_path / "after"
        after.write_bytes(rest)
        return rest, drained(contacts.read(delivered({**told, "form": told.get("form", "csv")}, after)))

    return left


def test_a_card_is_deleted_whole_and_the_others_and_refusals_stay_whole(left):
    told = {**CARDS, "form": "vcard"}
    cards = [
        card("Ana"),
        card("Eve", more="X-EXPIRES:2026-11-25\r\nNOTE:BEGIN:\r\n END:VCARD"),
        card("Dan", "No"),
        card("Ben"),
    ]
    content = "\ufeff" + "".join(cards)
    rest, read = left(told, content.encode(), {6}, {1, 14, 19})
    assert (people(read), left_out(read), read[1]) == (["ana", "ben"], [("no_consent", 1)], None)
    assert b"Eve" not in rest
    assert b"X-EXPIRES" not in rest
    assert rest.count(b"\n") == content.count("\n")


def test_cards_inside_of_a_deleted_card_go_with_it(left):
    told = {**CARDS, "form": "vcard"}
    inner = "AGENT:\r\nBEGIN:VCARD\r\nFN:Eves Agent\r\nEND:VCARD"
    rest, read = left(told, (card("Eve", more=inner) + card("Ben")).encode(), {1}, {10})
    assert (people(read), read[1]) == (["ben"], None)
    assert b"Eve" not in rest


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_row_is_deleted_whole_in_any_encoding_and_the_others_and_refusals_stay_whole(left, encoding, end):
    rows = [
        HEADER, "Ana;sw;sw;;yes;;;", f'"Eve{end}Älter";hi;hi;"says ""no{end}more""";yes;25.11.2026;;', "Dan;hi;hi;;no;;;",
        f'Ben;sw;sw;"a{end}b";yes;;;',
    ]  # fmt: skip
    told = {**BOOK, "encoding": "utf-8" if encoding == "utf-8-sig" else encoding}
    rest, read = left(told, (end.join(rows) + end).encode(encoding), {3}, {2, 7})
    assert (people(read), left_out(read), read[1]) == (["ana", "ben"], [("no_consent", 1)], None)
    assert "Eve" not in rest.decode(encoding)
    assert "lter" not in rest.decode(encoding)


def test_a_header_that_had_a_new_column_is_not_deleted_for_it(left):
    """A new column is refused in place of the header's line, and refusals go when their file is old."""
    rows = f"{HEADER};New\nAna;sw;sw;;yes;;;;\nEve;hi;hi;;yes;25.11.2026;;;\n"
    rest, read = left({**BOOK, "unread": []}, rows.encode(), {1, 3}, {2})
    assert (people(read), read[1]) == (["ana"], None)
    assert b"Eve" not in rest


def test_a_refusal_outlives_everybody_who_agreed_and_a_header_alone_does_not(left):
    rows = f"{HEADER}\nEve;hi;hi;;yes;25.11.2026;;\n"
    assert left(BOOK, rows.encode(), {2}, set())[0] == b""
    rest, read = left(BOOK, f"{rows}Dan;hi;hi;;no;;;\n".encode(), {2}, set())
    assert (left_out(read), b"Eve" in rest) == ([("no_consent", 1)], False)
    assert left({**CARDS, "form": "vcard"}, card("Eve").encode(), {1}, set())[0] == b""
