SELECT
  CAST(planned_at AS DATE) AS "day",
  COALESCE(CAST(pillar AS TEXT), 'unknown') AS "pillar",
  CAST(NULLIF(COUNT(days_late), 0) AS DOUBLE) AS milestone_variance_days__n,
  SUM(CAST(days_late AS DOUBLE)) AS milestone_variance_days__sum,
  SUM(CAST(days_late AS DOUBLE) * CAST(days_late AS DOUBLE)) AS milestone_variance_days__squares
FROM mart_milestone
WHERE
  planned_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(planned_at AS DATE),
  COALESCE(CAST(pillar AS TEXT), 'unknown');
