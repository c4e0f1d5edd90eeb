-- One row per project. What the plan does not say of its state is told by its dates: planned, running, overrun.
SELECT
  project,
  title,
  pillar,
  owner,
  CAST(starts_on AS TIMESTAMP) AS starts_at,
  CAST(ends_on AS TIMESTAMP) AS ends_at,
  CASE
    WHEN state IS NOT NULL THEN state
    WHEN CAST(starts_on AS TIMESTAMP) >= $as_of THEN 'planned'
    WHEN CAST(ends_on AS TIMESTAMP) + INTERVAL '1' DAY <= $as_of THEN 'overrun'
    ELSE 'running'
  END AS state
FROM raw_plan_project
