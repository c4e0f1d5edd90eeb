-- One row per talk comment, scored by the version of the model that was in force at its time.
WITH counted AS (
  SELECT
    wiki,
    commented_at,
    page_kind,
    author_kind,
    model,
    score,
    weight,
    is_attack,
    CONCAT(
      wiki, ' / ', CAST(DATE_TRUNC('month', commented_at) AS DATE), ' / ', COALESCE(page_kind, 'unknown'), ' / ',
      COALESCE(author_kind, 'unknown'), ' / ', model, ' / ', weight
    ) AS stratum
  FROM core_comment_score
  WHERE is_in_force
)
SELECT
  wiki,
  commented_at,
  page_kind,
  author_kind,
  model,
  score,
  weight,
  score * weight AS weighted_score,
  is_attack,
  stratum,
  weight * COUNT(*) OVER (PARTITION BY stratum) AS stratum_population
FROM counted
