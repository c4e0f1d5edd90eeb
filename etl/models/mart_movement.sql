-- One row per month and measure of all wikis together, as published.
SELECT
  month_at,
  measure,
  state,
  value
FROM core_movement_metric
