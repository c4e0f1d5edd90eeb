WITH scan AS (
  SELECT
    CAST(started_at AS DATE) AS day,
    COUNT(*) AS part_0
  FROM mart_admin_spell
  WHERE
    started_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(started_at AS DATE)
)
SELECT
  'admins' AS metric,
  '' AS split,
  CAST([] AS TEXT[]) AS members,
  day,
  'in' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(started_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    COUNT(*) AS part_0
  FROM mart_admin_spell
  WHERE
    started_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(started_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown')
)
SELECT
  'admins' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'in' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(ended_at AS DATE) AS day,
    COUNT(*) AS part_0
  FROM mart_admin_spell
  WHERE
    ended_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(ended_at AS DATE)
)
SELECT
  'admins' AS metric,
  '' AS split,
  CAST([] AS TEXT[]) AS members,
  day,
  'out' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(ended_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    COUNT(*) AS part_0
  FROM mart_admin_spell
  WHERE
    ended_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(ended_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown')
)
SELECT
  'admins' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'out' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;
