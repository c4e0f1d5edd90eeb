SELECT
  CAST(applied_at AS DATE) AS "day",
  COALESCE(CAST(platform AS TEXT), 'unknown') AS "platform",
  COALESCE(CAST(category AS TEXT), 'unknown') AS "category",
  COALESCE(CAST(ground AS TEXT), 'unknown') AS "ground",
  COALESCE(CAST(source AS TEXT), 'unknown') AS "source",
  COALESCE(CAST(action AS TEXT), 'unknown') AS "action",
  COALESCE(CAST(automation AS TEXT), 'unknown') AS "automation",
  CAST(NULLIF(COUNT_IF((
    is_detected_automatically
  )), 0) AS DOUBLE) AS statement_detected_automatically_share__numerator,
  CAST(NULLIF(COUNT(is_detected_automatically), 0) AS DOUBLE) AS statement_detected_automatically_share__denominator
FROM mart_statement
WHERE
  applied_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(applied_at AS DATE),
  COALESCE(CAST(platform AS TEXT), 'unknown'),
  COALESCE(CAST(category AS TEXT), 'unknown'),
  COALESCE(CAST(ground AS TEXT), 'unknown'),
  COALESCE(CAST(source AS TEXT), 'unknown'),
  COALESCE(CAST(action AS TEXT), 'unknown'),
  COALESCE(CAST(automation AS TEXT), 'unknown');
