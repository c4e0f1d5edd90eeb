-- One row per talk comment written before $as_of and version of a model that scored it.
SELECT
  wiki,
  comment_key,
  model,
  commented_at,
  page_kind,
  author_kind,
  score,
  score >= threshold AS is_attack,
  weight,
  is_in_force
FROM raw_comment_scores
WHERE commented_at < $as_of
-- A comment that came in several files, or was scored again, counts once.
QUALIFY ROW_NUMBER() OVER (
  PARTITION BY wiki, comment_key, model
  ORDER BY score DESC, weight DESC, commented_at, page_kind, author_kind, threshold
) = 1
