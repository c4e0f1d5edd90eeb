WITH scan AS (
  SELECT
    CAST(ended_at AS DATE) AS day,
    COALESCE(CAST(cohort AS TEXT), 'unknown') AS cohort,
    COALESCE(CAST(experience AS TEXT), 'unknown') AS experience,
    COUNT(*) FILTER(WHERE
      (
        is_survivor
      )
      AND ended_at + INTERVAL '7862400' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_0,
    COUNT(*) FILTER(WHERE
      NOT is_survivor IS NULL
      AND ended_at + INTERVAL '7862400' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_1
  FROM mart_event_retention
  WHERE
    ended_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(ended_at AS DATE),
    COALESCE(CAST(cohort AS TEXT), 'unknown'),
    COALESCE(CAST(experience AS TEXT), 'unknown')
)
SELECT
  'event_survivor_share' AS metric,
  'cohort,experience' AS split,
  CAST([cohort, experience] AS TEXT[]) AS members,
  day,
  'numerator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'event_survivor_share' AS metric,
  'cohort,experience' AS split,
  CAST([cohort, experience] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;

WITH scan AS (
  SELECT
    CAST(ended_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    COUNT(*) FILTER(WHERE
      (
        is_survivor
      )
      AND ended_at + INTERVAL '7862400' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_0,
    COUNT(*) FILTER(WHERE
      NOT is_survivor IS NULL
      AND ended_at + INTERVAL '7862400' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_1
  FROM mart_event_retention
  WHERE
    ended_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(ended_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown')
)
SELECT
  'event_survivor_share' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'numerator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'event_survivor_share' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;

WITH scan AS (
  SELECT
    CAST(ended_at AS DATE) AS day,
    COALESCE(CAST(event AS TEXT), 'unknown') AS event,
    COUNT(*) FILTER(WHERE
      (
        is_survivor
      )
      AND ended_at + INTERVAL '7862400' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_0,
    COUNT(*) FILTER(WHERE
      NOT is_survivor IS NULL
      AND ended_at + INTERVAL '7862400' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_1
  FROM mart_event_retention
  WHERE
    ended_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(ended_at AS DATE),
    COALESCE(CAST(event AS TEXT), 'unknown')
)
SELECT
  'event_survivor_share' AS metric,
  'event' AS split,
  CAST([event] AS TEXT[]) AS members,
  day,
  'numerator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'event_survivor_share' AS metric,
  'event' AS split,
  CAST([event] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;
