-- One row per desk and case of Znuny's reports, in the words of all desks: a report tells neither channel nor language,
-- and of resolutions the last one only.
SELECT
  desk,
  case_key,
  opened_at,
  first_response_at,
  CAST(first_response_minutes AS DOUBLE) AS first_response_business_minutes,
  CAST(NULL AS TIMESTAMP) AS first_resolved_at,
  closed_at AS resolved_at,
  CAST(NULL AS TIMESTAMP) AS reopened_at,
  queue,
  CAST(NULL AS VARCHAR) AS channel,
  priority,
  CAST(NULL AS VARCHAR) AS language,
  state,
  CAST(NULL AS VARCHAR) AS satisfaction,
  is_emergency,
  is_removed AS is_deleted,
  seen_until_at
FROM core_znuny_ticket
