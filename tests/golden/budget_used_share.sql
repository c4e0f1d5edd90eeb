SELECT
  CAST(month_at AS DATE) AS "day",
  COALESCE(CAST(line AS TEXT), 'unknown') AS "line",
  COALESCE(CAST(pillar AS TEXT), 'unknown') AS "pillar",
  SUM(CAST(spent_amount AS DOUBLE)) AS budget_used_share__numerator,
  SUM(CAST(planned_amount AS DOUBLE)) AS budget_used_share__denominator
FROM mart_budget_month
WHERE
  month_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(month_at AS DATE),
  COALESCE(CAST(line AS TEXT), 'unknown'),
  COALESCE(CAST(pillar AS TEXT), 'unknown');
