SELECT
  CAST(resolved_at AS DATE) AS "day",
  COALESCE(CAST(queue AS TEXT), 'unknown') AS "queue",
  COALESCE(CAST(channel AS TEXT), 'unknown') AS "channel",
  COALESCE(CAST(priority AS TEXT), 'unknown') AS "priority",
  COALESCE(CAST(urgency AS TEXT), 'unknown') AS "urgency",
  COALESCE(CAST(state AS TEXT), 'unknown') AS "state",
  COALESCE(CAST(satisfaction AS TEXT), 'unknown') AS "satisfaction",
  CAST(NULLIF(COUNT_IF((
    satisfaction = 'good'
  )), 0) AS DOUBLE) AS case_satisfaction_share__numerator,
  CAST(NULLIF(COUNT_IF((
    satisfaction = 'good' OR satisfaction = 'bad'
  )), 0) AS DOUBLE) AS case_satisfaction_share__denominator
FROM mart_case
WHERE
  resolved_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(resolved_at AS DATE),
  COALESCE(CAST(queue AS TEXT), 'unknown'),
  COALESCE(CAST(channel AS TEXT), 'unknown'),
  COALESCE(CAST(priority AS TEXT), 'unknown'),
  COALESCE(CAST(urgency AS TEXT), 'unknown'),
  COALESCE(CAST(state AS TEXT), 'unknown'),
  COALESCE(CAST(satisfaction AS TEXT), 'unknown');

SELECT
  CAST(resolved_at AS DATE) AS "day",
  COALESCE(CAST(language AS TEXT), 'unknown') AS "language",
  CAST(NULLIF(COUNT_IF((
    satisfaction = 'good'
  )), 0) AS DOUBLE) AS case_satisfaction_share__numerator,
  CAST(NULLIF(COUNT_IF((
    satisfaction = 'good' OR satisfaction = 'bad'
  )), 0) AS DOUBLE) AS case_satisfaction_share__denominator
FROM mart_case
WHERE
  resolved_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(resolved_at AS DATE),
  COALESCE(CAST(language AS TEXT), 'unknown');
