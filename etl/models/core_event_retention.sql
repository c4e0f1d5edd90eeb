-- One row per course and participant of its newest retention report: the one that tells until later, then the one in which
-- more windows have closed, then its hash. A window that is open at $as_of has not been seen, whatever the report says.
WITH seen AS (
  SELECT
    *,
    COALESCE(told_until_on, CAST('2001-01-01' AS DATE)) AS until_on,
    COUNT(sessions_after) OVER (PARTITION BY event, _file)
      + COUNT(edits_in_days_60_to_90) OVER (PARTITION BY event, _file) AS told_windows
  FROM raw_events_retention
), placed AS (
  SELECT
    *,
    FIRST_VALUE(_file) OVER (PARTITION BY event ORDER BY until_on DESC, told_windows DESC, _file DESC) AS newest_file,
    ROW_NUMBER() OVER (PARTITION BY event, participant_key, _file ORDER BY line DESC) AS place
  FROM seen
)
SELECT
  event,
  participant_key,
  starts_at,
  ends_at,
  sessions_during,
  CASE WHEN ends_at + INTERVAL '31' DAY <= $as_of THEN sessions_after END AS sessions_after,
  CASE WHEN ends_at + INTERVAL '91' DAY <= $as_of THEN edits_in_days_60_to_90 END AS edits_in_days_60_to_90,
  edits_before >= 500 AS is_long_term,
  COALESCE(courses_before, 0) > 0 AS is_returning
FROM placed
WHERE _file = newest_file AND place = 1 AND ends_at < $as_of
