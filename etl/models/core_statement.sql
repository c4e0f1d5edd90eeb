-- One row per platform and statement of reasons: of several files the one that tells until later counts, then its hash.
WITH newest AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY platform, statement_key
      ORDER BY COALESCE(told_until_on, CAST('2001-01-01' AS DATE)) DESC, applied_on DESC, _file DESC, line DESC
    ) AS place
  FROM raw_transparency_statement
)
SELECT
  platform,
  statement_key,
  category,
  ground,
  source,
  action,
  is_detected_automatically,
  automation,
  CAST(posted_on AS TIMESTAMP) AS posted_at,
  CAST(applied_on AS TIMESTAMP) AS applied_at
FROM newest
WHERE place = 1 AND applied_on < $as_of
