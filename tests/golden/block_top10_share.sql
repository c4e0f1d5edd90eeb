WITH scan AS (
  SELECT
    CAST(set_at AS DATE) AS day,
    COALESCE(CAST(scope AS TEXT), 'unknown') AS scope,
    COALESCE(CAST(target_kind AS TEXT), 'unknown') AS target_kind,
    COALESCE(CAST(performer_kind AS TEXT), 'unknown') AS performer_kind,
    COALESCE(CAST(duration_class AS TEXT), 'unknown') AS duration_class,
    COALESCE(CAST(reason_class AS TEXT), 'unknown') AS reason_class,
    COUNT(*) FILTER(WHERE
      (
        performer_rank <= 10
      )) AS part_0,
    COUNT(*) FILTER(WHERE
      NOT performer_rank IS NULL) AS part_1
  FROM mart_block
  WHERE
    set_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(set_at AS DATE),
    COALESCE(CAST(scope AS TEXT), 'unknown'),
    COALESCE(CAST(target_kind AS TEXT), 'unknown'),
    COALESCE(CAST(performer_kind AS TEXT), 'unknown'),
    COALESCE(CAST(duration_class AS TEXT), 'unknown'),
    COALESCE(CAST(reason_class AS TEXT), 'unknown')
)
SELECT
  'block_top10_share' AS metric,
  'scope,target_kind,performer_kind,duration_class,reason_class' AS split,
  CAST([scope, target_kind, performer_kind, duration_class, reason_class] AS TEXT[]) AS members,
  day,
  'numerator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'block_top10_share' AS metric,
  'scope,target_kind,performer_kind,duration_class,reason_class' AS split,
  CAST([scope, target_kind, performer_kind, duration_class, reason_class] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;

WITH scan AS (
  SELECT
    CAST(set_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    COUNT(*) FILTER(WHERE
      (
        performer_rank <= 10
      )) AS part_0,
    COUNT(*) FILTER(WHERE
      NOT performer_rank IS NULL) AS part_1
  FROM mart_block
  WHERE
    set_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(set_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown')
)
SELECT
  'block_top10_share' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'numerator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'block_top10_share' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;
