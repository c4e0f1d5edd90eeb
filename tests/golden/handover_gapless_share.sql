SELECT
  CAST(ends_at AS DATE) AS "day",
  COALESCE(CAST(role AS TEXT), 'unknown') AS "role",
  CAST(NULLIF(COUNT_IF((
    is_handover_gapless AND NOT is_ahead
  )), 0) AS DOUBLE) AS handover_gapless_share__numerator,
  CAST(NULLIF(COUNT(CASE WHEN (
    NOT is_ahead
  ) THEN is_handover_gapless END), 0) AS DOUBLE) AS handover_gapless_share__denominator
FROM mart_rota_shift
WHERE
  ends_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(ends_at AS DATE),
  COALESCE(CAST(role AS TEXT), 'unknown');
