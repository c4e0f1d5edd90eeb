-- One row per rollout on one wiki that started before $as_of.
SELECT
  rollout,
  title,
  wiki,
  CAST(started_on AS TIMESTAMP) AS started_at
FROM raw_plan_rollout
WHERE CAST(started_on AS TIMESTAMP) < $as_of
