SELECT
  CAST(opened_at AS DATE) AS "day",
  COALESCE(CAST(queue AS TEXT), 'unknown') AS "queue",
  COALESCE(CAST(channel AS TEXT), 'unknown') AS "channel",
  COALESCE(CAST(priority AS TEXT), 'unknown') AS "priority",
  COALESCE(CAST(urgency AS TEXT), 'unknown') AS "urgency",
  COALESCE(CAST(state AS TEXT), 'unknown') AS "state",
  COALESCE(CAST(satisfaction AS TEXT), 'unknown') AS "satisfaction",
  CAST(NULLIF(COUNT_IF((
    urgency = 'emergency'
  )), 0) AS DOUBLE) AS emergencies_per_responder_day__numerator
FROM mart_case
WHERE
  opened_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(opened_at AS DATE),
  COALESCE(CAST(queue AS TEXT), 'unknown'),
  COALESCE(CAST(channel AS TEXT), 'unknown'),
  COALESCE(CAST(priority AS TEXT), 'unknown'),
  COALESCE(CAST(urgency AS TEXT), 'unknown'),
  COALESCE(CAST(state AS TEXT), 'unknown'),
  COALESCE(CAST(satisfaction AS TEXT), 'unknown');

SELECT
  CAST(hour_at AS DATE) AS "day",
  COALESCE(CAST(role AS TEXT), 'unknown') AS "role",
  SUM(CAST(covered_people AS DOUBLE)) AS emergencies_per_responder_day__denominator
FROM mart_rota_hour
WHERE
  hour_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(hour_at AS DATE),
  COALESCE(CAST(role AS TEXT), 'unknown');
