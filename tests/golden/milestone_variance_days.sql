WITH scan AS (
  SELECT
    CAST(planned_at AS DATE) AS day,
    COALESCE(CAST(pillar AS TEXT), 'unknown') AS pillar,
    COUNT(*) FILTER(WHERE
      NOT days_late IS NULL) AS part_0,
    SUM(CAST(days_late AS DOUBLE)) FILTER(WHERE
      NOT days_late IS NULL) AS part_1,
    SUM(CAST(days_late AS DOUBLE) * CAST(days_late AS DOUBLE)) FILTER(WHERE
      NOT days_late IS NULL) AS part_2
  FROM mart_milestone
  WHERE
    planned_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(planned_at AS DATE),
    COALESCE(CAST(pillar AS TEXT), 'unknown')
)
SELECT
  'milestone_variance_days' AS metric,
  'pillar' AS split,
  CAST([pillar] AS TEXT[]) AS members,
  day,
  'n' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'milestone_variance_days' AS metric,
  'pillar' AS split,
  CAST([pillar] AS TEXT[]) AS members,
  day,
  'sum' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  NOT part_1 IS NULL
UNION ALL
SELECT
  'milestone_variance_days' AS metric,
  'pillar' AS split,
  CAST([pillar] AS TEXT[]) AS members,
  day,
  'squares' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_2 AS DOUBLE) AS value
FROM scan
WHERE
  NOT part_2 IS NULL;
