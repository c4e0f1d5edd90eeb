WITH scan AS (
  SELECT
    CAST(ended_at AS DATE) AS day,
    COALESCE(CAST(scope AS TEXT), 'unknown') AS scope,
    COALESCE(CAST(target_kind AS TEXT), 'unknown') AS target_kind,
    COALESCE(CAST(performer_kind AS TEXT), 'unknown') AS performer_kind,
    COALESCE(CAST(duration_class AS TEXT), 'unknown') AS duration_class,
    COALESCE(CAST(reason_class AS TEXT), 'unknown') AS reason_class,
    COALESCE(CAST(ended_by AS TEXT), 'unknown') AS ended_by,
    COUNT(*) FILTER(WHERE
      (
        reblocked_within_30d
      )
      AND ended_at + INTERVAL '2592000' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_0,
    COUNT(*) FILTER(WHERE
      ended_at + INTERVAL '2592000' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_1
  FROM mart_block_end
  WHERE
    ended_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(ended_at AS DATE),
    COALESCE(CAST(scope AS TEXT), 'unknown'),
    COALESCE(CAST(target_kind AS TEXT), 'unknown'),
    COALESCE(CAST(performer_kind AS TEXT), 'unknown'),
    COALESCE(CAST(duration_class AS TEXT), 'unknown'),
    COALESCE(CAST(reason_class AS TEXT), 'unknown'),
    COALESCE(CAST(ended_by AS TEXT), 'unknown')
)
SELECT
  'block_recidivism_30d' AS metric,
  'scope,target_kind,performer_kind,duration_class,reason_class,ended_by' AS split,
  CAST([scope, target_kind, performer_kind, duration_class, reason_class, ended_by] AS TEXT[]) AS members,
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
  'block_recidivism_30d' AS metric,
  'scope,target_kind,performer_kind,duration_class,reason_class,ended_by' AS split,
  CAST([scope, target_kind, performer_kind, duration_class, reason_class, ended_by] AS TEXT[]) AS members,
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
    CAST(ended_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    COUNT(*) FILTER(WHERE
      (
        reblocked_within_30d
      )
      AND ended_at + INTERVAL '2592000' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_0,
    COUNT(*) FILTER(WHERE
      ended_at + INTERVAL '2592000' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_1
  FROM mart_block_end
  WHERE
    ended_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(ended_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown')
)
SELECT
  'block_recidivism_30d' AS metric,
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
  'block_recidivism_30d' AS metric,
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
