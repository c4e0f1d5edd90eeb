-- One row per evaluation and metric by which it judges.
SELECT
  evaluation,
  title,
  owner,
  written_on,
  metric,
  grain,
  filters,
  position
FROM raw_plan_evaluation
