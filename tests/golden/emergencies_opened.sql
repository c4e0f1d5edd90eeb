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
  'emergencies_opened' AS metric,
  'queue,channel,priority,urgency,state,satisfaction' AS split,
  CAST([queue, channel, priority, urgency, state, satisfaction] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(opened_at AS DATE) AS day,
    COALESCE(CAST(language AS TEXT), 'unknown') AS language,
    COUNT(*) FILTER(WHERE
      (
        urgency = 'emergency'
      )) AS part_0
  FROM mart_case
  WHERE
    opened_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(opened_at AS DATE),
    COALESCE(CAST(language AS TEXT), 'unknown')
)
SELECT
  'emergencies_opened' AS metric,
  'language' AS split,
  CAST([language] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;
