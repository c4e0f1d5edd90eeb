WITH scan AS (
  SELECT
    CAST(month_at AS DATE) AS day,
    COALESCE(CAST(line AS TEXT), 'unknown') AS line,
    COALESCE(CAST(pillar AS TEXT), 'unknown') AS pillar,
    SUM(CAST(spent_amount AS DOUBLE)) FILTER(WHERE
      NOT spent_amount IS NULL) AS part_0,
    SUM(CAST(planned_amount AS DOUBLE)) FILTER(WHERE
      NOT planned_amount IS NULL) AS part_1
  FROM mart_budget_month
  WHERE
    month_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(month_at AS DATE),
    COALESCE(CAST(line AS TEXT), 'unknown'),
    COALESCE(CAST(pillar AS TEXT), 'unknown')
)
SELECT
  'budget_used_share' AS metric,
  'line,pillar' AS split,
  CAST([line, pillar] AS TEXT[]) AS members,
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
  'budget_used_share' AS metric,
  'line,pillar' AS split,
  CAST([line, pillar] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  NOT part_1 IS NULL;
