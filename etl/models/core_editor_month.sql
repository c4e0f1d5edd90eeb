-- One row per wiki, editor with an account (of a person, a bot, or a temporary one) and month in which they edited.
-- An account counts as a bot in the whole month if it is taken for one at any edit of it.
SELECT
  wiki,
  editor_key,
  DATE_TRUNC('month', edited_at) AS month_at,
  CASE
    WHEN MAX(CASE WHEN editor_kind = 'bot' THEN 1 ELSE 0 END) = 1 THEN 'bot'
    WHEN MAX(CASE WHEN editor_kind = 'temporary_account' THEN 1 ELSE 0 END) = 1 THEN 'temporary_account'
    ELSE 'account'
  END AS editor_kind,
  MAX(CASE WHEN is_admin THEN 1 ELSE 0 END) = 1 AS is_admin,
  MIN(registered_at) AS registered_at,
  MIN(COALESCE(first_edit_at, edited_at)) AS first_edit_at,
  COUNT(*) AS edit_count,
  COUNT(CASE WHEN is_content THEN 1 END) AS content_edit_count
FROM core_edit
WHERE editor_kind IN ('account', 'bot', 'temporary_account') AND editor_key IS NOT NULL
GROUP BY wiki, editor_key, DATE_TRUNC('month', edited_at)
