-- One row per day from which on a metric has another usual.
SELECT
  phase,
  metric,
  filters,
  starts_on,
  why,
  is_comparable
FROM raw_plan_phase
