"""The parts of many log items as Arrow columns of text, cut out of their text and decoded.

It judges no values. What repeats (types, names of performers, comments, parameters) is kept once, with the places where
it stands, so that whatever reads it looks at each different value once.
"""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etl.formats.log_items import LogItems
from etl.formats.log_shape import ENTITIES, Shape, Span
from etl.formats.log_words import Bits, Places, cut, values

REPEATED = ("type", "action", "performer", "comment", "params")


@dataclass(frozen=True, slots=True)
class LogTexts:
    """Some items as they stand in the dump, as in LogItems. parts: dictionaries for those of REPEATED."""

    line: Places
    parts: dict[str, pa.Array]
    is_action_hidden: Bits
    is_performer_hidden: Bits
    is_comment_hidden: Bits

    def __len__(self) -> int:
        return len(self.line)

    def of_types(self, types: frozenset[str]) -> "LogTexts":
        """The items of these types, and those whose type is empty."""
        said = self.parts["type"].dictionary.to_pylist()
        if types.issuperset(said):
            return self
        is_kept = np.array([one in types or not one for one in said])[values(self.parts["type"].indices, np.int32)]
        kept = pa.array(is_kept)
        return LogTexts(
            self.line[is_kept],
            {name: array.filter(kept) for name, array in self.parts.items()},
            self.is_action_hidden[is_kept],
            self.is_performer_hidden[is_kept],
            self.is_comment_hidden[is_kept],
        )

    def items(self) -> LogItems:
        """The same, as lists."""
        part: dict[str, list[str | None]] = {name: array.to_pylist() for name, array in self.parts.items()}
        params = part.pop("params")
        said = {name: [value or None for value in values] for name, values in part.items()}
        return LogItems(
            line=self.line.tolist(),
            params=params,
            **said,
            is_action_hidden=self.is_action_hidden.tolist(),
            is_performer_hidden=self.is_performer_hidden.tolist(),
            is_comment_hidden=self.is_comment_hidden.tolist(),
            is_clear=[True] * len(self),
        )


def texts_of(shape: Shape, line: Places) -> LogTexts:
    """line: the ordinals of the items in the file."""
    return LogTexts(
        line,
        {name: _column(shape.text, span, name in REPEATED) for name, span in shape.parts.items()},
        shape.is_action_hidden,
        shape.is_performer_hidden,
        shape.is_comment_hidden,
    )


def decoded(texts: pa.Array) -> pa.Array:
    """With signs in place of entities, and lines broken as a parser of XML hands them over.

    `&amp;` is the last: a second `&` that comes of it begins no other entity.
    """
    signs = np.frombuffer(texts.buffers()[2] or b"", np.uint8)
    if (signs == ord("\r")).any():
        texts = pc.replace_substring(pc.replace_substring(texts, "\r\n", "\n"), "\r", "\n")
    if (signs == ord("&")).any():
        for entity, sign in ENTITIES.items():
            texts = pc.replace_substring(texts, entity, sign)
    return texts


def _column(text: bytes, span: Span, is_repeated: bool) -> pa.Array:
    found = cut(text, span.start, span.end, span.is_there)
    if not is_repeated:
        return decoded(found)
    coded = found.dictionary_encode()
    return pa.DictionaryArray.from_arrays(coded.indices, decoded(coded.dictionary))
