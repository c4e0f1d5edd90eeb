WITH scan AS (
  SELECT
    CAST(thanked_at AS DATE) AS day,
    COUNT(*) AS part_0
  FROM mart_thanks
  WHERE
    thanked_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(thanked_at AS DATE)
)
SELECT
  'thanks_given' AS metric,
  '' AS split,
  CAST([] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(thanked_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    COUNT(*) AS part_0
  FROM mart_thanks
  WHERE
    thanked_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(thanked_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown')
)
SELECT
  'thanks_given' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;
