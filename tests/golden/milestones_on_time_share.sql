WITH scan AS (
  SELECT
    CAST(planned_at AS DATE) AS day,
    COALESCE(CAST(pillar AS TEXT), 'unknown') AS pillar,
    COUNT(*) FILTER(WHERE
      (
        is_due AND is_on_time
      )) AS part_0,
    COUNT(*) FILTER(WHERE
      (
        is_due
      )) AS part_1
  FROM mart_milestone
  WHERE
    planned_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(planned_at AS DATE),
    COALESCE(CAST(pillar AS TEXT), 'unknown')
)
SELECT
  'milestones_on_time_share' AS metric,
  'pillar' AS split,
  CAST([pillar] AS TEXT[]) AS members,
  day,
  'numerator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'milestones_on_time_share' AS metric,
  'pillar' AS split,
  CAST([pillar] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;
