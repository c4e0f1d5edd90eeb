-- One row per open spell of a case: from its opening to its resolution, and again from an opening after that.
WITH spell AS (
  SELECT
    opened_at,
    resolved_at AS closed_at,
    FALSE AS is_reopening,
    queue,
    channel,
    priority,
    language,
    is_emergency
  FROM core_case
  -- Of a closed case without a resolution nobody knows when it left the stock.
  WHERE state = 'open' OR NOT resolved_at IS NULL
  UNION ALL
  SELECT
    reopened_at AS opened_at,
    CAST(NULL AS TIMESTAMP) AS closed_at,
    TRUE AS is_reopening,
    queue,
    channel,
    priority,
    language,
    is_emergency
  FROM core_case
  -- An open case that has a resolution was opened again after it: core_case has no other.
  WHERE state = 'open' AND NOT resolved_at IS NULL
)
SELECT
  opened_at,
  closed_at,
  is_reopening,
  queue,
  channel,
  priority,
  language,
  CASE WHEN is_emergency THEN 'emergency' ELSE 'ordinary' END AS urgency
FROM spell
