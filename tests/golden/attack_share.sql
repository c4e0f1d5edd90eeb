SELECT
  CAST(commented_at AS DATE) AS "day",
  COALESCE(CAST(page_kind AS TEXT), 'unknown') AS "page_kind",
  COALESCE(CAST(author_kind AS TEXT), 'unknown') AS "author_kind",
  COALESCE(CAST(model AS TEXT), 'unknown') AS "model",
  CAST(stratum_population AS DOUBLE) AS "at",
  CAST(stratum AS TEXT) AS "stratum",
  CAST(NULLIF(COUNT_IF(is_attack), 0) AS DOUBLE) AS attack_share__yes,
  CAST(NULLIF(COUNT_IF(NOT is_attack), 0) AS DOUBLE) AS attack_share__no
FROM mart_comment_score
WHERE
  commented_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(commented_at AS DATE),
  COALESCE(CAST(page_kind AS TEXT), 'unknown'),
  COALESCE(CAST(author_kind AS TEXT), 'unknown'),
  COALESCE(CAST(model AS TEXT), 'unknown'),
  CAST(stratum_population AS DOUBLE),
  CAST(stratum AS TEXT);

SELECT
  CAST(commented_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  CAST(stratum_population AS DOUBLE) AS "at",
  CAST(stratum AS TEXT) AS "stratum",
  CAST(NULLIF(COUNT_IF(is_attack), 0) AS DOUBLE) AS attack_share__yes,
  CAST(NULLIF(COUNT_IF(NOT is_attack), 0) AS DOUBLE) AS attack_share__no
FROM mart_comment_score
WHERE
  commented_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(commented_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown'),
  CAST(stratum_population AS DOUBLE),
  CAST(stratum AS TEXT);
