-- One row per desk and case, as it stood at $as_of: of several feeds the one that has seen the latest event counts. What
-- was deleted is no case.
WITH told AS (
  -- Each of the three has the same columns in the same order.
  SELECT *, 1 AS feed FROM core_ticket
  UNION ALL
  SELECT *, 2 AS feed FROM core_ticket_zendesk
  UNION ALL
  SELECT *, 3 AS feed FROM core_ticket_znuny
), newest AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY desk, case_key ORDER BY seen_until_at DESC, feed) AS place
  FROM told
), known AS (
  SELECT
    *,
    CASE WHEN first_response_at < $as_of THEN first_response_at END AS known_answer_at,
    -- A case that the desk calls open has been opened again since its resolution, even where it does not say when.
    CASE
      WHEN resolved_at < $as_of AND (COALESCE(state, 'closed') = 'closed' OR reopened_at > resolved_at) THEN resolved_at
    END AS known_resolution_at,
    CASE WHEN reopened_at < $as_of THEN reopened_at END AS known_reopening_at,
    COALESCE(state = 'closed' AND resolved_at IS NULL, FALSE) AS is_closed_at_unknown_time
  FROM newest
  WHERE place = 1 AND NOT is_deleted AND opened_at < $as_of
)
SELECT
  desk,
  case_key,
  opened_at,
  known_answer_at AS first_response_at,
  CASE WHEN NOT known_answer_at IS NULL THEN first_response_business_minutes END AS first_response_business_minutes,
  CASE
    WHEN NOT known_resolution_at IS NULL AND first_resolved_at <= COALESCE(reopened_at, resolved_at) THEN first_resolved_at
  END AS first_resolved_at,
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
