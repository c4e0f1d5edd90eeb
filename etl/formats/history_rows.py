"""What is kept of a mediawiki_history dump's lines: who, what kind of account, when and how it ended, column by column.

Texts, titles and comments never come here. Names come plain, for the door to hash. It opens nothing.
"""

import re
from collections.abc import Callable
from typing import Any

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
    """The kept columns, of a table with the columns of `history_table.TYPES` and `line`."""
    of = {name: _whole(table.column(name)) for name in table.column_names}
    is_user = pc.fill_null(pc.equal(of["event_entity"], "user"), False)
    is_created = pc.and_(is_user, pc.fill_null(pc.equal(of["event_type"], "create"), False))
    performer, target = of["event_user_text"].dictionary_encode(), _only(is_user, of["user_text"]).dictionary_encode()
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
        "is_bot_by_name": _by_value(performer, lambda name: BOT_ENDING.search(name) is not None),
        "is_admin": _has_item(of["event_user_groups_historical"], "sysop"),
        "registered_at": pc.coalesce(of["event_user_registration_timestamp"], of["event_user_creation_timestamp"]),
        "first_edit_at": of["event_user_first_edit_timestamp"],
        "is_content": pc.coalesce(of["page_namespace_is_content_historical"], of["page_namespace_is_content"]),
        "target": target,
        "target_kind": _kind(target, of["user_is_anonymous"], of["user_is_temporary"]),
        "target_groups": _only(is_user, _by_value(of["user_groups_historical"].dictionary_encode(), _listed)),
        "account_kind": _only(is_created, _account_kind(of)),
        "revision_id": of["revision_id"],
        "is_reverted": of["revision_is_identity_reverted"],
        "seconds_to_revert": of["revision_seconds_to_identity_revert"],
        "is_revert": of["revision_is_identity_revert"],
    }


def _kind(
    name: pa.DictionaryArray, is_anonymous: pa.Array, is_temporary: pa.Array, is_cross_wiki: pa.Array | None = None
) -> pa.Array:
    """account, temporary_account, imported or anonymous; empty where nobody is named.

    A temporary account has a number as accounts have, and dumps until 2024 call it one: there its name tells.
    """
    anonymous = pc.fill_null(is_anonymous, False)
    temporary = pc.coalesce(is_temporary, _by_value(name, _is_temporary))
    foreign = _by_value(name, lambda one: ">" in one)
    imported = pc.and_(anonymous, foreign if is_cross_wiki is None else pc.coalesce(is_cross_wiki, foreign))
    return _first_that_holds(
        {None: pc.is_null(name), "temporary_account": temporary, "imported": imported, "anonymous": anonymous},
        "account",
    )


def _is_bot_by_group(of: dict[str, pa.Array]) -> pa.Array:
    """By the groups of then or of now."""
    return pc.or_(*(_has_item(of[f"event_user_is_bot_by{one}"], "group") for one in ("", "_historical")))


def _account_kind(of: dict[str, pa.Array]) -> pa.Array:
    """Of the three flags the first that is set; empty where the dump says none."""
    flags = {"automatic": "system", "made_by_other": "peer", "self_made": "self"}
    return _first_that_holds({kind: of[f"user_is_created_by_{by}"] for kind, by in flags.items()}, None)


def _first_that_holds(conditions: dict[str | None, pa.Array], otherwise: str | None) -> pa.Array:
    """For each row the name of the first condition that holds."""
    holds = [pc.fill_null(one, False) for one in conditions.values()]
    cases = pc.make_struct(*holds, field_names=[str(index) for index in range(len(holds))])
    return pc.case_when(cases, *(pa.scalar(name, pa.string()) for name in (*conditions, otherwise)))


def _is_temporary(name: str) -> bool:
    return name.startswith("~") and kind_of(name) == "temporary_account"


def _has_item(lists: pa.Array, item: str) -> pa.Array:
    """Whether a list has the item; a missing list has none."""
    return pc.fill_null(_by_value(lists.dictionary_encode(), lambda one: item in items(one)), False)


def _listed(groups: str) -> str:
    return "|".join(sorted(items(groups)))


def _only(condition: pa.Array, values: pa.Array) -> pa.Array:
    """The values where the condition holds, else nothing."""
    return pc.if_else(condition, values, pa.scalar(None, values.type))


def _by_value(values: pa.DictionaryArray, of_one: Callable[[str], Any]) -> pa.Array:
    """What a function makes of each value; it is asked once for each different one."""
    answers = [of_one(value) for value in values.dictionary.to_pylist()]
    kind = pa.string() if answers and isinstance(answers[0], str) else pa.bool_()
    return pa.array(answers, kind).take(values.indices)


def _whole(values: pa.ChunkedArray) -> pa.Array:
    return values.combine_chunks()
