SELECT
  CAST(hour_at AS DATE) AS "day",
  COALESCE(CAST(role AS TEXT), 'unknown') AS "role",
  SUM(CAST(covered_hours AS DOUBLE)) AS rota_coverage_share__numerator,
  SUM(CAST(wanted_hours AS DOUBLE)) AS rota_coverage_share__denominator
FROM mart_rota_hour
WHERE
  hour_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(hour_at AS DATE),
  COALESCE(CAST(role AS TEXT), 'unknown');
