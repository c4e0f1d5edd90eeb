WITH scan AS (
  SELECT
    CAST(applied_at AS DATE) AS day,
    COALESCE(CAST(platform AS TEXT), 'unknown') AS platform,
    COALESCE(CAST(category AS TEXT), 'unknown') AS category,
    COALESCE(CAST(ground AS TEXT), 'unknown') AS ground,
    COALESCE(CAST(source AS TEXT), 'unknown') AS source,
    COALESCE(CAST(action AS TEXT), 'unknown') AS action,
    COALESCE(CAST(automation AS TEXT), 'unknown') AS automation,
    COUNT(*) AS part_0
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
    COALESCE(CAST(automation AS TEXT), 'unknown')
)
SELECT
  'statements_of_reasons' AS metric,
  'platform,category,ground,source,action,automation' AS split,
  CAST([platform, category, ground, source, action, automation] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;
