-- One row per desk and case, as it stood at $as_of: of several files the one that has seen the latest event counts, then
-- the file's hash; in a file the last row. In an event log the earliest first response of the case's rows counts.
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
), known AS (
  SELECT
    *,
    CASE WHEN answered_at < $as_of THEN answered_at END AS known_answer_at,
    -- A case that the desk calls open has been opened again since its resolution, even where it does not say when.
    CASE
      WHEN resolved_at < $as_of AND (COALESCE(state, 'closed') = 'closed' OR reopened_at > resolved_at) THEN resolved_at
    END AS known_resolution_at,
    CASE WHEN reopened_at < $as_of THEN reopened_at END AS known_reopening_at,
    COALESCE(state = 'closed' AND resolved_at IS NULL, FALSE) AS is_closed_at_unknown_time
  FROM newest
  WHERE place = 1 AND opened_at < $as_of
)
SELECT
  desk,
  case_key,
  opened_at,
  known_answer_at AS first_response_at,
  known_resolution_at AS resolved_at,
  known_reopening_at AS reopened_at,
  queue,
  channel,
  priority,
  language,
  CASE
    WHEN is_closed_at_unknown_time THEN 'closed'
    WHEN known_resolution_at IS NULL THEN 'open'
    WHEN known_reopening_at > known_resolution_at AND COALESCE(state, 'open') = 'open' THEN 'open'
    ELSE 'closed'
  END AS state,
  COALESCE(satisfaction, 'none') AS satisfaction,
  COALESCE(is_emergency, FALSE) AS is_emergency
FROM known
