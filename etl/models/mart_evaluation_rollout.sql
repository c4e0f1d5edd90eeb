-- One row per evaluation and rollout that it is about, also of rollouts that have not started yet.
SELECT
  evaluated.evaluation,
  evaluated.rollout,
  rollout.wiki,
  CAST(rollout.started_on AS TIMESTAMP) AS started_at,
  CAST(rollout.started_on AS TIMESTAMP) < $as_of AS has_started
FROM raw_plan_evaluation_rollout AS evaluated
JOIN raw_plan_rollout AS rollout
  ON evaluated.rollout = rollout.rollout
