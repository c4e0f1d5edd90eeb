"""What the columns of a mediawiki_history dump are called: told by their count, for the dump itself has no header.

New columns came in the middle each time, so that a place means nothing without the count. It opens nothing.
"""

from collections.abc import Mapping

from etl.formats.drift import Promise

# As of May 2026; the marked ones came one after the other: t in November 2024, c in October 2025, l in May 2026.
_NEWEST = """
wiki_db l:event_log_id event_entity event_type event_timestamp event_comment event_user_id c:event_user_central_id
event_user_text_historical event_user_text event_user_blocks_historical event_user_blocks event_user_groups_historical
event_user_groups event_user_is_bot_by_historical event_user_is_bot_by event_user_is_created_by_self
event_user_is_created_by_system event_user_is_created_by_peer event_user_is_anonymous t:event_user_is_temporary
t:event_user_is_permanent l:event_user_is_cross_wiki event_user_registration_timestamp event_user_creation_timestamp
event_user_first_edit_timestamp event_user_revision_count event_user_seconds_since_previous_revision page_id
page_title_historical page_title page_namespace_historical page_namespace_is_content_historical page_namespace
page_namespace_is_content page_is_redirect page_is_deleted page_creation_timestamp page_first_edit_timestamp
page_revision_count page_seconds_since_previous_revision user_id c:user_central_id user_text_historical user_text
user_blocks_historical user_blocks user_groups_historical user_groups user_is_bot_by_historical user_is_bot_by
user_is_created_by_self user_is_created_by_system user_is_created_by_peer user_is_anonymous t:user_is_temporary
t:user_is_permanent user_registration_timestamp user_creation_timestamp user_first_edit_timestamp revision_id
revision_parent_id revision_minor_edit revision_deleted_parts revision_deleted_parts_are_suppressed revision_text_bytes
revision_text_bytes_diff revision_text_sha1 revision_content_model revision_content_format
revision_is_deleted_by_page_deletion revision_deleted_by_page_deletion_timestamp revision_is_identity_reverted
revision_first_identity_reverting_revision_id revision_seconds_to_identity_revert revision_is_identity_revert
revision_is_from_before_page_creation revision_tags
"""


def _without(later: str) -> tuple[str, ...]:
    """The names but for those that came with the marked changes."""
    marked = [word.rpartition(":") for word in _NEWEST.split()]
    return tuple(name for mark, _, name in marked if not mark or mark not in later)


COLUMNS: Mapping[int, tuple[str, ...]] = {len(names): names for names in map(_without, ("tcl", "cl", "l", ""))}
FIRST_SNAPSHOTS: Mapping[int, str] = {70: "2020-01", 74: "2024-11", 76: "2025-10", 78: "2026-05"}  # by the code's dates

PROMISE = Promise(  # what those that are kept become
    "raw_mediawiki_history",
    {
        "wiki_db": "wiki",
        "event_entity": "entity",
        "event_timestamp": "occurred_at",
        "event_user_text": "performer",
        "event_user_groups_historical": "is_admin",
        **dict.fromkeys(("event_user_is_bot_by", "event_user_is_bot_by_historical"), "is_bot_by_group"),
        **{f"event_user_is_{kind}": "performer_kind" for kind in ("anonymous", "temporary", "cross_wiki")},
        **{f"event_user_{made}_timestamp": "registered_at" for made in ("registration", "creation")},
        "event_user_first_edit_timestamp": "first_edit_at",
        **dict.fromkeys(("page_namespace_is_content", "page_namespace_is_content_historical"), "is_content"),
        "user_text": "target",
        **{f"user_is_{kind}": "target_kind" for kind in ("anonymous", "temporary")},
        "user_groups_historical": "target_groups",
        **{f"user_is_created_by_{by}": "account_kind" for by in ("self", "system", "peer")},
        "revision_is_identity_reverted": "is_reverted",
        "revision_seconds_to_identity_revert": "seconds_to_revert",
        "revision_is_identity_revert": "is_revert",
    },
)


def nearest(count: int) -> int:
    """The known count that is nearest to an unknown one; of two the later."""
    return min(sorted(COLUMNS, reverse=True), key=lambda known: abs(known - count))
