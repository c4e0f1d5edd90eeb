-- One row per measure and period that has a target; both days are included.
SELECT
  measure.goal,
  target.measure,
  target.starts_on,
  target.ends_on,
  target.value
FROM raw_plan_target AS target
JOIN raw_plan_measure AS measure
  ON target.measure = measure.measure
