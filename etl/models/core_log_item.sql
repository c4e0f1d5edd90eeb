-- One row per log item of a wiki, known before $as_of. The same item can stand in several files: of its copies the one
-- with the most hidden parts counts, since a later dump hides more, and what was hidden is to stay hidden.
WITH item_copy AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY wiki, log_id
      ORDER BY
        CAST(is_action_hidden AS INTEGER) + CAST(is_performer_hidden AS INTEGER) + CAST(is_comment_hidden AS INTEGER) DESC,
        _file,
        line
    ) AS copy_number
  FROM raw_mediawiki_logging
  WHERE occurred_at < $as_of
)
SELECT
  wiki,
  log_id,
  occurred_at,
  log_type,
  log_action,
  performer_key,
  performer_kind,
  target_key,
  target_kind,
  is_action_hidden,
  is_performer_hidden,
  is_comment_hidden,
  has_comment,
  reason_class,
  duration_text,
  expires_at,
  is_indefinite,
  flags,
  is_sitewide,
  restricted_page_count,
  restricted_namespaces,
  restricted_actions,
  block_id,
  target_count
FROM item_copy
WHERE copy_number = 1
