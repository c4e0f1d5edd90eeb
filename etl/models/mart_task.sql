-- One row per task of the program's trackers, with how long it took: to its closing, or to $as_of while it is open.
WITH lasting AS (
  SELECT
    *,
    CASE WHEN NOT closed_at IS NULL THEN closed_at WHEN state = 'open' THEN $as_of END AS lasted_until_at
  FROM core_task
)
SELECT
  tracker,
  project,
  milestone,
  priority,
  status,
  state,
  title,
  NOT owner_key IS NULL AS is_assigned,
  opened_at,
  closed_at,
  CASE WHEN NOT lasted_until_at IS NULL THEN opened_at END AS stocked_at,
  CAST(DATE_DIFF('second', opened_at, lasted_until_at) AS DOUBLE) / 86400 AS closing_days,
  NOT closed_at IS NULL AS is_closed,
  due_at,
  CASE WHEN due_at < $as_of THEN lasted_until_at > due_at END AS is_overdue
FROM lasting
