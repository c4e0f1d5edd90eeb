WITH scan AS (
  SELECT
    CAST(stocked_at AS DATE) AS day,
    COALESCE(CAST(tracker AS TEXT), 'unknown') AS tracker,
    COALESCE(CAST(project AS TEXT), 'unknown') AS project,
    COALESCE(CAST(priority AS TEXT), 'unknown') AS priority,
    COALESCE(CAST(status AS TEXT), 'unknown') AS status,
    COALESCE(CAST(state AS TEXT), 'unknown') AS state,
    COUNT(*) AS part_0
  FROM mart_task
  WHERE
    stocked_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(stocked_at AS DATE),
    COALESCE(CAST(tracker AS TEXT), 'unknown'),
    COALESCE(CAST(project AS TEXT), 'unknown'),
    COALESCE(CAST(priority AS TEXT), 'unknown'),
    COALESCE(CAST(status AS TEXT), 'unknown'),
    COALESCE(CAST(state AS TEXT), 'unknown')
)
SELECT
  'tasks_open' AS metric,
  'tracker,project,priority,status,state' AS split,
  CAST([tracker, project, priority, status, state] AS TEXT[]) AS members,
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
    CAST(stocked_at AS DATE) AS day,
    COALESCE(CAST(milestone AS TEXT), 'unknown') AS milestone,
    COUNT(*) AS part_0
  FROM mart_task
  WHERE
    stocked_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(stocked_at AS DATE),
    COALESCE(CAST(milestone AS TEXT), 'unknown')
)
SELECT
  'tasks_open' AS metric,
  'milestone' AS split,
  CAST([milestone] AS TEXT[]) AS members,
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
    COALESCE(CAST(tracker AS TEXT), 'unknown') AS tracker,
    COALESCE(CAST(project AS TEXT), 'unknown') AS project,
    COALESCE(CAST(priority AS TEXT), 'unknown') AS priority,
    COALESCE(CAST(status AS TEXT), 'unknown') AS status,
    COALESCE(CAST(state AS TEXT), 'unknown') AS state,
    COUNT(*) AS part_0
  FROM mart_task
  WHERE
    closed_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(closed_at AS DATE),
    COALESCE(CAST(tracker AS TEXT), 'unknown'),
    COALESCE(CAST(project AS TEXT), 'unknown'),
    COALESCE(CAST(priority AS TEXT), 'unknown'),
    COALESCE(CAST(status AS TEXT), 'unknown'),
    COALESCE(CAST(state AS TEXT), 'unknown')
)
SELECT
  'tasks_open' AS metric,
  'tracker,project,priority,status,state' AS split,
  CAST([tracker, project, priority, status, state] AS TEXT[]) AS members,
  day,
  'out' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(closed_at AS DATE) AS day,
    COALESCE(CAST(milestone AS TEXT), 'unknown') AS milestone,
    COUNT(*) AS part_0
  FROM mart_task
  WHERE
    closed_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(closed_at AS DATE),
    COALESCE(CAST(milestone AS TEXT), 'unknown')
)
SELECT
  'tasks_open' AS metric,
  'milestone' AS split,
  CAST([milestone] AS TEXT[]) AS members,
  day,
  'out' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;
