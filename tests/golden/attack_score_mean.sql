WITH scan AS (
  SELECT
    CAST(commented_at AS DATE) AS day,
    COALESCE(CAST(page_kind AS TEXT), 'unknown') AS page_kind,
    COALESCE(CAST(author_kind AS TEXT), 'unknown') AS author_kind,
    COALESCE(CAST(model AS TEXT), 'unknown') AS model,
    SUM(CAST(weighted_score AS DOUBLE)) FILTER(WHERE
      NOT weighted_score IS NULL) AS part_0,
    SUM(CAST(weight AS DOUBLE)) FILTER(WHERE
      NOT weight IS NULL) AS part_1,
    COUNT(*) FILTER(WHERE
      NOT weight IS NULL) AS part_2
  FROM mart_comment_score
  WHERE
    commented_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(commented_at AS DATE),
    COALESCE(CAST(page_kind AS TEXT), 'unknown'),
    COALESCE(CAST(author_kind AS TEXT), 'unknown'),
    COALESCE(CAST(model AS TEXT), 'unknown')
)
SELECT
  'attack_score_mean' AS metric,
  'page_kind,author_kind,model' AS split,
  CAST([page_kind, author_kind, model] AS TEXT[]) AS members,
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
  'attack_score_mean' AS metric,
  'page_kind,author_kind,model' AS split,
  CAST([page_kind, author_kind, model] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  NOT part_1 IS NULL
UNION ALL
SELECT
  'attack_score_mean' AS metric,
  'page_kind,author_kind,model' AS split,
  CAST([page_kind, author_kind, model] AS TEXT[]) AS members,
  day,
  'n' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_2 AS DOUBLE) AS value
FROM scan
WHERE
  part_2 <> 0;

WITH scan AS (
  SELECT
    CAST(commented_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    SUM(CAST(weighted_score AS DOUBLE)) FILTER(WHERE
      NOT weighted_score IS NULL) AS part_0,
    SUM(CAST(weight AS DOUBLE)) FILTER(WHERE
      NOT weight IS NULL) AS part_1,
    COUNT(*) FILTER(WHERE
      NOT weight IS NULL) AS part_2
  FROM mart_comment_score
  WHERE
    commented_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(commented_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown')
)
SELECT
  'attack_score_mean' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
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
  'attack_score_mean' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  NOT part_1 IS NULL
UNION ALL
SELECT
  'attack_score_mean' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'n' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_2 AS DOUBLE) AS value
FROM scan
WHERE
  part_2 <> 0;
