SELECT
  CAST(hour_at AS DATE) AS "day",
  COALESCE(CAST(role AS TEXT), 'unknown') AS "role",
  SUM(CAST(gap_hours AS DOUBLE)) AS rota_gap_hours__value
FROM mart_rota_hour
WHERE
  hour_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(hour_at AS DATE),
  COALESCE(CAST(role AS TEXT), 'unknown');
