-- One row per measure and period that has a target; both days are included.
SELECT
  measure,
  starts_on,
  ends_on,
  value
FROM raw_plan_target
