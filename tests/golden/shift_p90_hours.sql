SELECT
  CAST(starts_at AS DATE) AS "day",
  COALESCE(CAST(role AS TEXT), 'unknown') AS "role",
  CAST(CASE
    WHEN is_near
    THEN SIGN(shift_hours) * (
      FLOOR(LN(NULLIF(ABS(shift_hours), 0)) * 50.5 + 0.5) + 40000
    )
    ELSE shift_hours
  END AS DOUBLE) AS "at",
  CASE
    WHEN NOT is_near
    THEN CAST(NULLIF(COUNT_IF((
      NOT is_ahead
    )), 0) AS DOUBLE)
  END AS shift_p90_hours__event,
  CASE WHEN is_near THEN CAST(NULLIF(COUNT_IF((
    NOT is_ahead
  )), 0) AS DOUBLE) END AS shift_p90_hours__near
FROM (
  SELECT
    *,
    NOT busy_day IS NULL
    AND (
      ABS(shift_hours) > 50 OR shift_hours <> FLOOR(shift_hours)
    ) AS is_near
  FROM mart_rota_shift
  LEFT JOIN (
    SELECT
      CAST(starts_at AS DATE) AS busy_day
    FROM mart_rota_shift
    WHERE
      starts_at < CAST($as_of AS TIMESTAMP)
    GROUP BY
      CAST(starts_at AS DATE)
    HAVING
      COUNT(shift_hours) > 1000
  ) AS busy
    ON busy.busy_day = CAST(starts_at AS DATE)
  WHERE
    NOT shift_hours IS NULL
) AS told
WHERE
  starts_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(starts_at AS DATE),
  COALESCE(CAST(role AS TEXT), 'unknown'),
  CAST(CASE
    WHEN is_near
    THEN SIGN(shift_hours) * (
      FLOOR(LN(NULLIF(ABS(shift_hours), 0)) * 50.5 + 0.5) + 40000
    )
    ELSE shift_hours
  END AS DOUBLE),
  is_near;
