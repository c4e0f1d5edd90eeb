-- One row per desk and case of Znuny's reports: of several the one that was made last counts, then the file's hash; in a
-- report the last row. When a report was made is told by the age of its tickets, or by the latest event in it.
WITH ticket AS (
  SELECT
    *,
    MAX(
      GREATEST(opened_at + COALESCE(age_minutes, 0) * INTERVAL '1' MINUTE, updated_at, first_response_at, closed_at)
    ) OVER (PARTITION BY desk, _file) AS seen_until_at
  FROM raw_znuny_ticket
), newest AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY desk, case_key ORDER BY seen_until_at DESC, _file DESC, line DESC
    ) AS place
  FROM ticket
)
SELECT
  desk,
  case_key,
  opened_at,
  first_response_at,
  closed_at,
  queue,
  priority,
  state,
  is_removed,
  is_emergency,
  first_response_minutes,
  first_response_spare_minutes,
  solution_spare_minutes,
  seen_until_at
FROM newest
WHERE place = 1
