WITH scan AS (
  SELECT
    CAST(opened_at AS DATE) AS day,
    COALESCE(CAST(tracker AS TEXT), 'unknown') AS tracker,
    COALESCE(CAST(project AS TEXT), 'unknown') AS project,
    COALESCE(CAST(priority AS TEXT), 'unknown') AS priority,
    COALESCE(CAST(status AS TEXT), 'unknown') AS status,
    COALESCE(CAST(state AS TEXT), 'unknown') AS state,
    closing_days AS "at",
    COUNT(*) FILTER(WHERE
      is_closed AND NOT closing_days IS NULL) AS part_0,
    COUNT(*) FILTER(WHERE
      NOT is_closed AND NOT closing_days IS NULL) AS part_1
  FROM mart_task
  WHERE
    opened_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(opened_at AS DATE),
    COALESCE(CAST(tracker AS TEXT), 'unknown'),
    COALESCE(CAST(project AS TEXT), 'unknown'),
    COALESCE(CAST(priority AS TEXT), 'unknown'),
    COALESCE(CAST(status AS TEXT), 'unknown'),
    COALESCE(CAST(state AS TEXT), 'unknown'),
    closing_days
)
SELECT
  'task_closing_median_days' AS metric,
  'tracker,project,priority,status,state' AS split,
  CAST([tracker, project, priority, status, state] AS TEXT[]) AS members,
  day,
  'event' AS part,
  CAST("at" AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'task_closing_median_days' AS metric,
  'tracker,project,priority,status,state' AS split,
  CAST([tracker, project, priority, status, state] AS TEXT[]) AS members,
  day,
  'censored' AS part,
  CAST("at" AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;

WITH scan AS (
  SELECT
    CAST(opened_at AS DATE) AS day,
    COALESCE(CAST(milestone AS TEXT), 'unknown') AS milestone,
    closing_days AS "at",
    COUNT(*) FILTER(WHERE
      is_closed AND NOT closing_days IS NULL) AS part_0,
    COUNT(*) FILTER(WHERE
      NOT is_closed AND NOT closing_days IS NULL) AS part_1
  FROM mart_task
  WHERE
    opened_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(opened_at AS DATE),
    COALESCE(CAST(milestone AS TEXT), 'unknown'),
    closing_days
)
SELECT
  'task_closing_median_days' AS metric,
  'milestone' AS split,
  CAST([milestone] AS TEXT[]) AS members,
  day,
  'event' AS part,
  CAST("at" AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'task_closing_median_days' AS metric,
  'milestone' AS split,
  CAST([milestone] AS TEXT[]) AS members,
  day,
  'censored' AS part,
  CAST("at" AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;
