-- One row per edit of the newest snapshot of each wiki, deleted pages included, with who made it and whether it lasted.
SELECT
  event.wiki,
  event.revision_id,
  event.occurred_at AS edited_at,
  event.performer_key AS editor_key,
  CASE
    WHEN event.performer_kind IS NULL THEN 'hidden'
    -- The movement's rule: the group bot then or now, or a name with a word that ends in bot. Addresses have neither.
    WHEN event.performer_kind = 'account' AND (event.is_bot_by_group OR event.is_bot_by_name) THEN 'bot'
    ELSE event.performer_kind
  END AS editor_kind,
  event.is_admin,
  event.registered_at,
  event.first_edit_at,
  COALESCE(event.is_content, FALSE) AS is_content,
  -- A revert that nobody knew of yet has not happened.
  event.is_reverted
  AND COALESCE(event.occurred_at + event.seconds_to_revert * INTERVAL '1' SECOND < file.known_until_at, TRUE) AS is_reverted,
  COALESCE(event.is_revert, FALSE) AS is_revert
FROM raw_mediawiki_history AS event
JOIN core_history_file AS file
  ON file.wiki = event.wiki AND file.file_sha256 = event._file
WHERE event.entity = 'revision' AND event.event_type = 'create' AND event.occurred_at < file.known_until_at
