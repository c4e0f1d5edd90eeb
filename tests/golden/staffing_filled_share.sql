WITH scan AS (
  SELECT
    CAST(day_at AS DATE) AS day,
    COALESCE(CAST(role AS TEXT), 'unknown') AS role,
    SUM(CAST(filled_people AS DOUBLE)) FILTER(WHERE
      NOT filled_people IS NULL) AS part_0,
    SUM(CAST(planned_people AS DOUBLE)) FILTER(WHERE
      NOT planned_people IS NULL) AS part_1
  FROM mart_staffing_day
  WHERE
    day_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(day_at AS DATE),
    COALESCE(CAST(role AS TEXT), 'unknown')
)
SELECT
  'staffing_filled_share' AS metric,
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
  'staffing_filled_share' AS metric,
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
