WITH scan AS (
  SELECT
    CAST(hour_at AS DATE) AS day,
    COALESCE(CAST(role AS TEXT), 'unknown') AS role,
    SUM(CAST(gap_hours AS DOUBLE)) FILTER(WHERE
      NOT gap_hours IS NULL) AS part_0
  FROM mart_rota_hour
  WHERE
    hour_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(hour_at AS DATE),
    COALESCE(CAST(role AS TEXT), 'unknown')
)
SELECT
  'rota_gap_hours' AS metric,
  'role' AS split,
  CAST([role] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  NOT part_0 IS NULL;
