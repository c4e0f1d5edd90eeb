-- One row per measure of a goal: the metric that tells of it, how it is read, and for which part of the data.
SELECT
  goal,
  measure,
  metric,
  title,
  grain,
  filters,
  position
FROM raw_plan_measure
