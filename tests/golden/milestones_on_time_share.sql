SELECT
  CAST(planned_at AS DATE) AS "day",
  COALESCE(CAST(pillar AS TEXT), 'unknown') AS "pillar",
  CAST(NULLIF(COUNT_IF((
    is_due AND is_on_time
  )), 0) AS DOUBLE) AS milestones_on_time_share__numerator,
  CAST(NULLIF(COUNT_IF((
    is_due
  )), 0) AS DOUBLE) AS milestones_on_time_share__denominator
FROM mart_milestone
WHERE
  planned_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(planned_at AS DATE),
  COALESCE(CAST(pillar AS TEXT), 'unknown');
