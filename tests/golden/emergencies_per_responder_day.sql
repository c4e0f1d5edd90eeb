WITH scan AS (
  SELECT
    CAST(opened_at AS DATE) AS day,
    COALESCE(CAST(queue AS TEXT), 'unknown') AS queue,
    COALESCE(CAST(channel AS TEXT), 'unknown') AS channel,
    COALESCE(CAST(priority AS TEXT), 'unknown') AS priority,
    COALESCE(CAST(urgency AS TEXT), 'unknown') AS urgency,
    COALESCE(CAST(state AS TEXT), 'unknown') AS state,
    COALESCE(CAST(satisfaction AS TEXT), 'unknown') AS satisfaction,
    COUNT(*) FILTER(WHERE
      (
        urgency = 'emergency'
      )) AS part_0
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
    COALESCE(CAST(satisfaction AS TEXT), 'unknown')
)
SELECT
  'emergencies_per_responder_day' AS metric,
  'queue,channel,priority,urgency,state,satisfaction' AS split,
  CAST([queue, channel, priority, urgency, state, satisfaction] AS TEXT[]) AS members,
  day,
  'numerator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(hour_at AS DATE) AS day,
    COALESCE(CAST(role AS TEXT), 'unknown') AS role,
    SUM(CAST(covered_people AS DOUBLE)) FILTER(WHERE
      NOT covered_people IS NULL) AS part_0
  FROM mart_rota_hour
  WHERE
    hour_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(hour_at AS DATE),
    COALESCE(CAST(role AS TEXT), 'unknown')
)
SELECT
  'emergencies_per_responder_day' AS metric,
  'role' AS split,
  CAST([role] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  NOT part_0 IS NULL;
