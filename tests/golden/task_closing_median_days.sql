SELECT
  CAST(opened_at AS DATE) AS "day",
  COALESCE(CAST(tracker AS TEXT), 'unknown') AS "tracker",
  COALESCE(CAST(project AS TEXT), 'unknown') AS "project",
  COALESCE(CAST(priority AS TEXT), 'unknown') AS "priority",
  COALESCE(CAST(status AS TEXT), 'unknown') AS "status",
  COALESCE(CAST(state AS TEXT), 'unknown') AS "state",
  CAST(closing_days AS DOUBLE) AS "at",
  CAST(NULLIF(COUNT(CASE WHEN is_closed THEN closing_days END), 0) AS DOUBLE) AS task_closing_median_days__event,
  CAST(NULLIF(COUNT(CASE WHEN NOT is_closed THEN closing_days END), 0) AS DOUBLE) AS task_closing_median_days__censored
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
  CAST(closing_days AS DOUBLE);

SELECT
  CAST(opened_at AS DATE) AS "day",
  COALESCE(CAST(milestone AS TEXT), 'unknown') AS "milestone",
  CAST(closing_days AS DOUBLE) AS "at",
  CAST(NULLIF(COUNT(CASE WHEN is_closed THEN closing_days END), 0) AS DOUBLE) AS task_closing_median_days__event,
  CAST(NULLIF(COUNT(CASE WHEN NOT is_closed THEN closing_days END), 0) AS DOUBLE) AS task_closing_median_days__censored
FROM mart_task
WHERE
  opened_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(opened_at AS DATE),
  COALESCE(CAST(milestone AS TEXT), 'unknown'),
  CAST(closing_days AS DOUBLE);
