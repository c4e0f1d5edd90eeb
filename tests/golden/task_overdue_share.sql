SELECT
  CAST(due_at AS DATE) AS "day",
  COALESCE(CAST(tracker AS TEXT), 'unknown') AS "tracker",
  COALESCE(CAST(project AS TEXT), 'unknown') AS "project",
  COALESCE(CAST(priority AS TEXT), 'unknown') AS "priority",
  COALESCE(CAST(status AS TEXT), 'unknown') AS "status",
  COALESCE(CAST(state AS TEXT), 'unknown') AS "state",
  CAST(NULLIF(COUNT_IF((
    is_overdue
  )), 0) AS DOUBLE) AS task_overdue_share__numerator,
  CAST(NULLIF(COUNT(is_overdue), 0) AS DOUBLE) AS task_overdue_share__denominator
FROM mart_task
WHERE
  due_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(due_at AS DATE),
  COALESCE(CAST(tracker AS TEXT), 'unknown'),
  COALESCE(CAST(project AS TEXT), 'unknown'),
  COALESCE(CAST(priority AS TEXT), 'unknown'),
  COALESCE(CAST(status AS TEXT), 'unknown'),
  COALESCE(CAST(state AS TEXT), 'unknown');

SELECT
  CAST(due_at AS DATE) AS "day",
  COALESCE(CAST(milestone AS TEXT), 'unknown') AS "milestone",
  CAST(NULLIF(COUNT_IF((
    is_overdue
  )), 0) AS DOUBLE) AS task_overdue_share__numerator,
  CAST(NULLIF(COUNT(is_overdue), 0) AS DOUBLE) AS task_overdue_share__denominator
FROM mart_task
WHERE
  due_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(due_at AS DATE),
  COALESCE(CAST(milestone AS TEXT), 'unknown');
