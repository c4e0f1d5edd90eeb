"""What stands before the first item of a log dump and behind the last, where it is plain; it reads no item.

Plain means: UTF-8, and one `<mediawiki ...>` with its attributes in quotes, before which there is no DOCTYPE.
"""

import re

_HEAD = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml(?P<declared>[^<>]*)\?>)?\s*"
    rb"(?P<root><mediawiki(?:\s+[\w:.-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*\s*>)"
)
_OTHER_ENCODING = re.compile(rb"encoding\s*=\s*[\"'](?!utf-?8[\"'])", re.IGNORECASE)
_NOT_IN_HEAD = (b"<!", b"<?", b"<page", b"</logitem>")
_OPEN, _LEAD = b"<logitem>", b"\n  "
_END = re.compile(rb"\s*</mediawiki\s*>\s*")


def root_and_first(text: bytes, end: int) -> tuple[bytes, int]:
    """The first tag, and where the first item begins, with the line break before it; nothing where it is not plain."""
    head, first = _HEAD.match(text), text.find(_OPEN, 0, end)
    if head is None or first < head.end() or _OTHER_ENCODING.search(head["declared"] or b""):
        return b"", 0
    between = text[head.end() : first]
    if any(sign in between for sign in _NOT_IN_HEAD):
        return b"", 0
    return head["root"], first - len(_LEAD) if between.endswith(_LEAD) else first


def is_over(rest: bytes) -> bool:
    """Whether nothing but the end of the dump stands behind the last item."""
    return _END.fullmatch(rest) is not None
