"""What is kept of a mediawiki_history dump's lines: who, what kind of account, when and how it ended, column by column.

Texts, titles and comments never come here. Names come plain, for the door to hash. It opens nothing.
"""

import re
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etl.formats.accounts import kind_of
from etl.formats.history_text import items

COLUMNS = (
    "line", "wiki", "entity", "event_type", "occurred_at", "performer", "performer_kind", "is_bot_by_group",
    "is_bot_by_name", "is_admin", "registered_at", "first_edit_at", "is_content", "target", "target_kind",
    "target_groups", "account_kind", "revision_id", "is_reverted", "seconds_to_revert", "is_revert",
)  # fmt: skip
BOT_ENDING = re.compile(r"bot\b")  # the rule of the movement's own metrics, which is not that of the dump's is_bot_by


def columns(table: pa.Table) -> dict[str, pa.Array]:
    """The kept columns, of a table with the columns of `history_table.TYPES` and `line`; texts stay dictionaries."""
    of = {name: _whole(table.column(name)) for name in table.column_names}
    is_user = _is_one_of(of["event_entity"], "user")
    is_created = pc.and_(is_user, _is_one_of(of["event_type"], "create"))
    performer, target = of["event_user_text"], _only(is_user, of["user_text"])
    return {
        "line": of["line"],
        "wiki": of["wiki_db"],
        "entity": of["event_entity"],
        "event_type": of["event_type"],
        "occurred_at": of["event_timestamp"],
        "performer": performer,
        "performer_kind": _kind(
            performer,
            of["event_user_is_anonymous"],
            of["event_user_is_temporary"],
            of["event_user_is_cross_wiki"],
        ),
        "is_bot_by_group": _is_bot_by_group(of),
        "is_bot_by_name": _by_value(performer, _are_bots(performer.dictionary)),
        "is_admin": _has_item(of["event_user_groups_historical"], "sysop"),
        "registered_at": pc.coalesce(of["event_user_registration_timestamp"], of["event_user_creation_timestamp"]),
        "first_edit_at": of["event_user_first_edit_timestamp"],
        "is_content": pc.coalesce(of["page_namespace_is_content_historical"], of["page_namespace_is_content"]),
        "target": target,
        "target_kind": _kind(target, of["user_is_anonymous"], of["user_is_temporary"]),
        "target_groups": _only(is_user, _listed(of["user_groups_historical"])),
        "account_kind": _only(is_created, _account_kind(of)),
        "revision_id": of["revision_id"],
        "is_reverted": of["revision_is_identity_reverted"],
        "seconds_to_revert": of["revision_seconds_to_identity_revert"],
        "is_revert": of["revision_is_identity_revert"],
    }


def _kind(
    name: pa.DictionaryArray, is_anonymous: pa.Array, is_temporary: pa.Array, is_cross_wiki: pa.Array | None = None
) -> pa.DictionaryArray:
    """account, temporary_account, imported or anonymous; empty where nobody is named.

    A temporary account has a number as accounts have, and dumps until 2024 call it one: there its name tells.
    """
    anonymous = pc.fill_null(is_anonymous, False)
    temporary = pc.coalesce(is_temporary, _by_value(name, _are_temporary(name.dictionary)))
    foreign = _by_value(name, pc.match_substring(name.dictionary, ">"))
    imported = pc.and_(anonymous, foreign if is_cross_wiki is None else pc.coalesce(is_cross_wiki, foreign))
    return _first_that_holds(
        {None: pc.is_null(name), "temporary_account": temporary, "imported": imported, "anonymous": anonymous},
        "account",
    )


def _is_bot_by_group(of: dict[str, pa.Array]) -> pa.Array:
    """By the groups of then or of now."""
    return pc.or_(*(_has_item(of[f"event_user_is_bot_by{one}"], "group") for one in ("", "_historical")))


def _account_kind(of: dict[str, pa.Array]) -> pa.DictionaryArray:
    """Of the three flags the first that is set; empty where the dump says none."""
    flags = {"automatic": "system", "made_by_other": "peer", "self_made": "self"}
    return _first_that_holds({kind: of[f"user_is_created_by_{by}"] for kind, by in flags.items()}, None)


def _first_that_holds(conditions: dict[str | None, pa.Array], otherwise: str | None) -> pa.DictionaryArray:
    """For each row the name of the first condition that holds."""
    names = [name for name in (*conditions, otherwise) if name is not None]
    places = {name: pa.scalar(place, pa.int8()) for place, name in enumerate(names)}
    nothing = pa.scalar(None, pa.int8())
    found = places[otherwise] if otherwise else nothing
    for name, holds in reversed(conditions.items()):
        found = pc.if_else(pc.fill_null(holds, False), places[name] if name else nothing, found)
    return pa.DictionaryArray.from_arrays(found, pa.array(names))


def _are_bots(names: pa.Array) -> pa.Array:
    return _asked(names, pc.match_substring(names, "bot"), lambda name: BOT_ENDING.search(name) is not None)


def _are_temporary(names: pa.Array) -> pa.Array:
    return _asked(names, pc.starts_with(names, "~"), lambda name: kind_of(name) == "temporary_account")


def _asked(values: pa.Array, may_be: pa.Array, is_so: Callable[[str], bool]) -> pa.Array:
    """Whether it is so of each value; only those are asked for of which it may be."""
    found = np.zeros(len(values), bool)
    for place in np.flatnonzero(may_be.to_numpy(zero_copy_only=False)):
        found[place] = is_so(values[int(place)].as_py())
    return pa.array(found)


def _is_one_of(values: pa.DictionaryArray, *wanted: str) -> pa.Array:
    """Whether the value is one of these; a missing one is not."""
    return pc.fill_null(_by_value(values, pc.is_in(values.dictionary, pa.array(wanted))), False)


def _has_item(lists: pa.DictionaryArray, item: str) -> pa.Array:
    """Whether a list has the item; a missing list has none."""
    has = pa.array([item in items(one) for one in lists.dictionary.to_pylist()], pa.bool_())
    return pc.fill_null(_by_value(lists, has), False)


def _listed(groups: pa.DictionaryArray) -> pa.DictionaryArray:
    sorted_ones = ["|".join(sorted(items(one))) for one in groups.dictionary.to_pylist()]
    return pa.DictionaryArray.from_arrays(groups.indices, pa.array(sorted_ones, pa.string()))


def _only(condition: pa.Array, values: pa.DictionaryArray) -> pa.DictionaryArray:
    """The values where the condition holds, else nothing."""
    indices = pc.if_else(condition, values.indices, pa.scalar(None, values.indices.type))
    return pa.DictionaryArray.from_arrays(indices, values.dictionary)


def _by_value(values: pa.DictionaryArray, of_each: pa.Array) -> pa.Array:
    """For each row what there is for its value."""
    return of_each.take(values.indices)


def _whole(values: pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks()
