SELECT
  CAST(starts_at AS DATE) AS "day",
  COALESCE(CAST(role AS TEXT), 'unknown') AS "role",
  CAST(NULLIF(COUNT_IF((
    NOT is_ahead
  )), 0) AS DOUBLE) AS rota_gaps__value
FROM mart_rota_gap
WHERE
  starts_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(starts_at AS DATE),
  COALESCE(CAST(role AS TEXT), 'unknown');
