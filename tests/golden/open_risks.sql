WITH scan AS (
  SELECT
    CAST(opened_at AS DATE) AS day,
    COALESCE(CAST(severity AS TEXT), 'unknown') AS severity,
    COALESCE(CAST(pillar AS TEXT), 'unknown') AS pillar,
    COUNT(*) AS part_0
  FROM mart_risk
  WHERE
    opened_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(opened_at AS DATE),
    COALESCE(CAST(severity AS TEXT), 'unknown'),
    COALESCE(CAST(pillar AS TEXT), 'unknown')
)
SELECT
  'open_risks' AS metric,
  'severity,pillar' AS split,
  CAST([severity, pillar] AS TEXT[]) AS members,
  day,
  'in' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(closed_at AS DATE) AS day,
    COALESCE(CAST(severity AS TEXT), 'unknown') AS severity,
    COALESCE(CAST(pillar AS TEXT), 'unknown') AS pillar,
    COUNT(*) AS part_0
  FROM mart_risk
  WHERE
    closed_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(closed_at AS DATE),
    COALESCE(CAST(severity AS TEXT), 'unknown'),
    COALESCE(CAST(pillar AS TEXT), 'unknown')
)
SELECT
  'open_risks' AS metric,
  'severity,pillar' AS split,
  CAST([severity, pillar] AS TEXT[]) AS members,
  day,
  'out' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;
