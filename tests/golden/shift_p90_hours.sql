SELECT
  CAST(starts_at AS DATE) AS "day",
  COALESCE(CAST(role AS TEXT), 'unknown') AS "role",
  CAST(shift_hours AS DOUBLE) AS "at",
  CAST(NULLIF(COUNT(*) FILTER(WHERE
    (
      NOT is_ahead
    ) AND NOT shift_hours IS NULL), 0) AS DOUBLE) AS shift_p90_hours__event
FROM mart_rota_shift
WHERE
  starts_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(starts_at AS DATE),
  COALESCE(CAST(role AS TEXT), 'unknown'),
  CAST(shift_hours AS DOUBLE);
