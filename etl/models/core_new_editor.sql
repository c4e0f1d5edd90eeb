-- One row per account made on a wiki by a person, for themselves or another, with the edits of its first 60 days. Those
-- made by the system, at the first visit from another wiki, are no new editors, and temporary accounts are none either.
WITH created AS (
  SELECT
    event.wiki,
    event.target_key AS editor_key,
    event.occurred_at AS registered_at,
    COALESCE(event.account_kind, 'unknown') AS account_kind,
    file.known_until_at,
    ROW_NUMBER() OVER (
      PARTITION BY event.wiki, event.target_key ORDER BY event.occurred_at, event._file, event.line
    ) AS place
  FROM raw_mediawiki_history AS event
  JOIN core_history_file AS file
    ON file.wiki = event.wiki AND file.file_sha256 = event._file
  WHERE event.entity = 'user'
    AND event.event_type = 'create'
    AND event.target_key IS NOT NULL
    AND event.target_kind = 'account'
    AND event.occurred_at < file.known_until_at
), made AS (
  SELECT
    wiki,
    editor_key,
    registered_at,
    account_kind,
    known_until_at
  FROM created
  WHERE place = 1 AND account_kind <> 'automatic'
)
SELECT
  made.wiki,
  made.editor_key,
  made.registered_at,
  made.account_kind,
  -- A window that is still open at the end of the snapshot says nothing, whatever happened in it already.
  made.registered_at + INTERVAL '60' DAY <= made.known_until_at AS is_window_over,
  -- No edit: the account never edited in its first 60 days.
  COUNT(CASE WHEN edit.edited_at < made.registered_at + INTERVAL '1' DAY THEN 1 END) AS first_day_edit_count,
  COUNT(CASE WHEN edit.edited_at < made.registered_at + INTERVAL '30' DAY THEN 1 END) AS first_30d_edit_count,
  COUNT(CASE WHEN edit.edited_at >= made.registered_at + INTERVAL '30' DAY THEN 1 END) AS second_30d_edit_count
FROM made
LEFT JOIN core_edit AS edit
  ON edit.wiki = made.wiki
  AND edit.editor_key = made.editor_key
  AND edit.edited_at >= made.registered_at
  AND edit.edited_at < made.registered_at + INTERVAL '60' DAY
GROUP BY made.wiki, made.editor_key, made.registered_at, made.account_kind, made.known_until_at
