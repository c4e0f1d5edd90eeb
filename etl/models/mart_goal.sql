-- One row per goal of the plan.
SELECT
  goal,
  title,
  pillar,
  owner
FROM raw_plan_goal
