SELECT
  CAST(commented_at AS DATE) AS "day",
  COALESCE(CAST(page_kind AS TEXT), 'unknown') AS "page_kind",
  COALESCE(CAST(author_kind AS TEXT), 'unknown') AS "author_kind",
  COALESCE(CAST(model AS TEXT), 'unknown') AS "model",
  SUM(CAST(weighted_score AS DOUBLE)) AS attack_score_mean__numerator,
  SUM(CAST(weight AS DOUBLE)) AS attack_score_mean__denominator,
  CAST(NULLIF(COUNT(weight), 0) AS DOUBLE) AS attack_score_mean__n
FROM mart_comment_score
WHERE
  commented_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(commented_at AS DATE),
  COALESCE(CAST(page_kind AS TEXT), 'unknown'),
  COALESCE(CAST(author_kind AS TEXT), 'unknown'),
  COALESCE(CAST(model AS TEXT), 'unknown');

SELECT
  CAST(commented_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  SUM(CAST(weighted_score AS DOUBLE)) AS attack_score_mean__numerator,
  SUM(CAST(weight AS DOUBLE)) AS attack_score_mean__denominator,
  CAST(NULLIF(COUNT(weight), 0) AS DOUBLE) AS attack_score_mean__n
FROM mart_comment_score
WHERE
  commented_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(commented_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');
