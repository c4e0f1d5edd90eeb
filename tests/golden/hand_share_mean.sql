WITH scan AS (
  SELECT
    CAST(counted_at AS DATE) AS day,
    COALESCE(CAST(sheet AS TEXT), 'unknown') AS sheet,
    COALESCE(CAST(measure AS TEXT), 'unknown') AS measure,
    COALESCE(CAST(unit AS TEXT), 'unknown') AS unit,
    COALESCE(CAST(span AS TEXT), 'unknown') AS span,
    COALESCE(CAST(group_name AS TEXT), 'unknown') AS group_name,
    COUNT(*) FILTER(WHERE
      (
        over_time = 'mean' AND unit = 'share'
      ) AND NOT value IS NULL) AS part_0,
    SUM(CAST(value AS DOUBLE)) FILTER(WHERE
      (
        over_time = 'mean' AND unit = 'share'
      ) AND NOT value IS NULL) AS part_1,
    SUM(CAST(value AS DOUBLE) * CAST(value AS DOUBLE)) FILTER(WHERE
      (
        over_time = 'mean' AND unit = 'share'
      ) AND NOT value IS NULL) AS part_2
  FROM mart_hand_count
  WHERE
    counted_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(counted_at AS DATE),
    COALESCE(CAST(sheet AS TEXT), 'unknown'),
    COALESCE(CAST(measure AS TEXT), 'unknown'),
    COALESCE(CAST(unit AS TEXT), 'unknown'),
    COALESCE(CAST(span AS TEXT), 'unknown'),
    COALESCE(CAST(group_name AS TEXT), 'unknown')
)
SELECT
  'hand_share_mean' AS metric,
  'sheet,measure,unit,span,group_name' AS split,
  CAST([sheet, measure, unit, span, group_name] AS TEXT[]) AS members,
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
  'hand_share_mean' AS metric,
  'sheet,measure,unit,span,group_name' AS split,
  CAST([sheet, measure, unit, span, group_name] AS TEXT[]) AS members,
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
  'hand_share_mean' AS metric,
  'sheet,measure,unit,span,group_name' AS split,
  CAST([sheet, measure, unit, span, group_name] AS TEXT[]) AS members,
  day,
  'squares' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_2 AS DOUBLE) AS value
FROM scan
WHERE
  NOT part_2 IS NULL;

WITH scan AS (
  SELECT
    CAST(counted_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    COUNT(*) FILTER(WHERE
      (
        over_time = 'mean' AND unit = 'share'
      ) AND NOT value IS NULL) AS part_0,
    SUM(CAST(value AS DOUBLE)) FILTER(WHERE
      (
        over_time = 'mean' AND unit = 'share'
      ) AND NOT value IS NULL) AS part_1,
    SUM(CAST(value AS DOUBLE) * CAST(value AS DOUBLE)) FILTER(WHERE
      (
        over_time = 'mean' AND unit = 'share'
      ) AND NOT value IS NULL) AS part_2
  FROM mart_hand_count
  WHERE
    counted_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(counted_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown')
)
SELECT
  'hand_share_mean' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
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
  'hand_share_mean' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
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
  'hand_share_mean' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'squares' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_2 AS DOUBLE) AS value
FROM scan
WHERE
  NOT part_2 IS NULL;
