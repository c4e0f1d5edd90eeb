WITH scan AS (
  SELECT
    CAST(commented_at AS DATE) AS day,
    COALESCE(CAST(page_kind AS TEXT), 'unknown') AS page_kind,
    COALESCE(CAST(author_kind AS TEXT), 'unknown') AS author_kind,
    COALESCE(CAST(model AS TEXT), 'unknown') AS model,
    stratum_population AS "at",
    stratum AS stratum,
    COUNT(*) FILTER(WHERE
      is_attack) AS part_0,
    COUNT(*) FILTER(WHERE
      NOT is_attack) AS part_1
  FROM mart_comment_score
  WHERE
    commented_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(commented_at AS DATE),
    COALESCE(CAST(page_kind AS TEXT), 'unknown'),
    COALESCE(CAST(author_kind AS TEXT), 'unknown'),
    COALESCE(CAST(model AS TEXT), 'unknown'),
    stratum_population,
    stratum
)
SELECT
  'attack_share' AS metric,
  'page_kind,author_kind,model' AS split,
  CAST([page_kind, author_kind, model] AS TEXT[]) AS members,
  day,
  'yes' AS part,
  CAST("at" AS DOUBLE) AS "at",
  CAST(stratum AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'attack_share' AS metric,
  'page_kind,author_kind,model' AS split,
  CAST([page_kind, author_kind, model] AS TEXT[]) AS members,
  day,
  'no' AS part,
  CAST("at" AS DOUBLE) AS "at",
  CAST(stratum AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;

WITH scan AS (
  SELECT
    CAST(commented_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    stratum_population AS "at",
    stratum AS stratum,
    COUNT(*) FILTER(WHERE
      is_attack) AS part_0,
    COUNT(*) FILTER(WHERE
      NOT is_attack) AS part_1
  FROM mart_comment_score
  WHERE
    commented_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(commented_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown'),
    stratum_population,
    stratum
)
SELECT
  'attack_share' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'yes' AS part,
  CAST("at" AS DOUBLE) AS "at",
  CAST(stratum AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'attack_share' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'no' AS part,
  CAST("at" AS DOUBLE) AS "at",
  CAST(stratum AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;
