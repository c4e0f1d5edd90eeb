-- One row per desk and case of a CSV export: of several files the one that has seen the latest event counts, then the
-- file's hash; in a file the last row. In an event log the earliest first response of the case's rows counts.
WITH ticket AS (
  SELECT
    *,
    MAX(GREATEST(opened_at, first_response_at, resolved_at, reopened_at)) OVER (PARTITION BY desk, _file) AS seen_until_at,
    CASE
      WHEN is_event THEN MIN(first_response_at) OVER (PARTITION BY desk, case_key, _file)
      ELSE first_response_at
    END AS answered_at
  FROM raw_tickets
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
  answered_at AS first_response_at,
  CAST(NULL AS DOUBLE) AS first_response_business_minutes,
  CAST(NULL AS TIMESTAMP) AS first_resolved_at,
  resolved_at,
  reopened_at,
  queue,
  channel,
  priority,
  language,
  state,
  satisfaction,
  is_emergency,
  FALSE AS is_deleted,
  seen_until_at
FROM newest
WHERE place = 1
