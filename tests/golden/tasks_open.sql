SELECT
  CAST(stocked_at AS DATE) AS "day",
  COALESCE(CAST(tracker AS TEXT), 'unknown') AS "tracker",
  COALESCE(CAST(project AS TEXT), 'unknown') AS "project",
  COALESCE(CAST(priority AS TEXT), 'unknown') AS "priority",
  COALESCE(CAST(status AS TEXT), 'unknown') AS "status",
  COALESCE(CAST(state AS TEXT), 'unknown') AS "state",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS tasks_open__in
FROM mart_task
WHERE
  stocked_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(stocked_at AS DATE),
  COALESCE(CAST(tracker AS TEXT), 'unknown'),
  COALESCE(CAST(project AS TEXT), 'unknown'),
  COALESCE(CAST(priority AS TEXT), 'unknown'),
  COALESCE(CAST(status AS TEXT), 'unknown'),
  COALESCE(CAST(state AS TEXT), 'unknown');

SELECT
  CAST(stocked_at AS DATE) AS "day",
  COALESCE(CAST(milestone AS TEXT), 'unknown') AS "milestone",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS tasks_open__in
FROM mart_task
WHERE
  stocked_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(stocked_at AS DATE),
  COALESCE(CAST(milestone AS TEXT), 'unknown');

SELECT
  CAST(closed_at AS DATE) AS "day",
  COALESCE(CAST(tracker AS TEXT), 'unknown') AS "tracker",
  COALESCE(CAST(project AS TEXT), 'unknown') AS "project",
  COALESCE(CAST(priority AS TEXT), 'unknown') AS "priority",
  COALESCE(CAST(status AS TEXT), 'unknown') AS "status",
  COALESCE(CAST(state AS TEXT), 'unknown') AS "state",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS tasks_open__out
FROM mart_task
WHERE
  closed_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(closed_at AS DATE),
  COALESCE(CAST(tracker AS TEXT), 'unknown'),
  COALESCE(CAST(project AS TEXT), 'unknown'),
  COALESCE(CAST(priority AS TEXT), 'unknown'),
  COALESCE(CAST(status AS TEXT), 'unknown'),
  COALESCE(CAST(state AS TEXT), 'unknown');

SELECT
  CAST(closed_at AS DATE) AS "day",
  COALESCE(CAST(milestone AS TEXT), 'unknown') AS "milestone",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS tasks_open__out
FROM mart_task
WHERE
  closed_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(closed_at AS DATE),
  COALESCE(CAST(milestone AS TEXT), 'unknown');
