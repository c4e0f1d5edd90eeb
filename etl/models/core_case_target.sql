-- One row per response target of a case: what the desk promised, when that was decided by $as_of, and whether it was kept.
WITH told AS (
  SELECT
    desk,
    case_key,
    promise,
    metric,
    instance,
    COALESCE(broken_at, kept_at) AS decided_at,
    CASE WHEN NOT broken_at IS NULL THEN FALSE WHEN NOT kept_at IS NULL THEN TRUE END AS is_kept
  FROM core_zendesk_target
  UNION ALL
  -- Znuny tells how much time was left only once the answer was given.
  SELECT
    desk,
    case_key,
    'first_response' AS promise,
    'first_response' AS metric,
    1 AS instance,
    first_response_at AS decided_at,
    first_response_spare_minutes > 0 AS is_kept
  FROM core_znuny_ticket
  WHERE first_response_at < $as_of AND NOT first_response_spare_minutes IS NULL
  UNION ALL
  SELECT
    desk,
    case_key,
    'resolution' AS promise,
    'solution' AS metric,
    1 AS instance,
    closed_at AS decided_at,
    solution_spare_minutes > 0 AS is_kept
  FROM core_znuny_ticket
  WHERE closed_at < $as_of AND state = 'closed' AND NOT solution_spare_minutes IS NULL
)
SELECT
  desk,
  case_key,
  promise,
  metric,
  instance,
  decided_at,
  is_kept
FROM told
