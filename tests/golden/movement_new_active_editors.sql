WITH scan AS (
  SELECT
    CAST(month_at AS DATE) AS day,
    COALESCE(CAST(measure AS TEXT), 'unknown') AS measure,
    COALESCE(CAST(state AS TEXT), 'unknown') AS state,
    COUNT(*) FILTER(WHERE
      (
        measure = 'new_active_editors'
      ) AND NOT value IS NULL) AS part_0,
    SUM(CAST(value AS DOUBLE)) FILTER(WHERE
      (
        measure = 'new_active_editors'
      ) AND NOT value IS NULL) AS part_1,
    SUM(CAST(value AS DOUBLE) * CAST(value AS DOUBLE)) FILTER(WHERE
      (
        measure = 'new_active_editors'
      ) AND NOT value IS NULL) AS part_2
  FROM mart_movement
  WHERE
    month_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(month_at AS DATE),
    COALESCE(CAST(measure AS TEXT), 'unknown'),
    COALESCE(CAST(state AS TEXT), 'unknown')
)
SELECT
  'movement_new_active_editors' AS metric,
  'measure,state' AS split,
  CAST([measure, state] AS TEXT[]) AS members,
  day,
  'n' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'movement_new_active_editors' AS metric,
  'measure,state' AS split,
  CAST([measure, state] AS TEXT[]) AS members,
  day,
  'sum' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  NOT part_1 IS NULL
UNION ALL
SELECT
  'movement_new_active_editors' AS metric,
  'measure,state' AS split,
  CAST([measure, state] AS TEXT[]) AS members,
  day,
  'squares' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_2 AS DOUBLE) AS value
FROM scan
WHERE
  NOT part_2 IS NULL;
