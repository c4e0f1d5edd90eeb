WITH scan AS (
  SELECT
    CAST(hour_at AS DATE) AS day,
    COALESCE(CAST(role AS TEXT), 'unknown') AS role,
    SUM(CAST(covered_hours AS DOUBLE)) FILTER(WHERE
      NOT covered_hours IS NULL) AS part_0,
    SUM(CAST(wanted_hours AS DOUBLE)) FILTER(WHERE
      NOT wanted_hours IS NULL) AS part_1
  FROM mart_rota_hour
  WHERE
    hour_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(hour_at AS DATE),
    COALESCE(CAST(role AS TEXT), 'unknown')
)
SELECT
  'rota_coverage_share' AS metric,
  'role' AS split,
  CAST([role] AS TEXT[]) AS members,
  day,
  'numerator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  NOT part_0 IS NULL
UNION ALL
SELECT
  'rota_coverage_share' AS metric,
  'role' AS split,
  CAST([role] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  NOT part_1 IS NULL;
