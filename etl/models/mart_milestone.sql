-- One row per milestone: what was planned, is expected and is done, as far as it was known at $as_of.
WITH known AS (
  SELECT
    milestone.project,
    milestone.milestone,
    milestone.title,
    project.pillar,
    project.owner,
    CAST(milestone.planned_on AS TIMESTAMP) AS planned_at,
    CAST(milestone.forecast_on AS TIMESTAMP) AS forecast_at,
    CASE
      WHEN CAST(milestone.actual_on AS TIMESTAMP) < $as_of THEN CAST(milestone.actual_on AS TIMESTAMP)
    END AS actual_at,
    CAST(milestone.planned_on AS TIMESTAMP) < $as_of AS is_due
  FROM raw_plan_milestone AS milestone
  JOIN raw_plan_project AS project
    ON milestone.project = project.project
), reckoned AS (
  SELECT
    project,
    milestone,
    title,
    pillar,
    owner,
    planned_at,
    forecast_at,
    actual_at,
    is_due,
    -- a forecast that has passed undone is now at the earliest; neither due nor expected: nothing is known yet
    CASE
      WHEN actual_at IS NOT NULL THEN actual_at
      WHEN forecast_at > $as_of THEN forecast_at
      WHEN is_due OR forecast_at IS NOT NULL THEN $as_of
    END AS reckoned_at
  FROM known
)
SELECT
  project,
  milestone,
  title,
  pillar,
  owner,
  planned_at,
  forecast_at,
  actual_at,
  is_due,
  CASE WHEN is_due THEN COALESCE(actual_at <= planned_at, FALSE) END AS is_on_time,
  CAST(DATE_DIFF('second', planned_at, reckoned_at) AS DOUBLE) / 86400 AS days_late,
  CASE
    WHEN actual_at IS NOT NULL THEN 'done'
    WHEN is_due THEN 'late'
    WHEN forecast_at > planned_at THEN 'slipping'
    ELSE 'on_track'
  END AS state
FROM reckoned
