-- One row per budget line and month that began before $as_of and is booked.
SELECT
  month.budget_line AS line,
  month.pillar,
  CAST(month.month_on AS TIMESTAMP) AS month_at,
  month.planned_amount,
  month.spent_amount,
  program.currency
FROM raw_plan_budget_month AS month
CROSS JOIN raw_plan_program AS program
WHERE month.spent_amount IS NOT NULL
  AND CAST(month.month_on AS TIMESTAMP) < $as_of
