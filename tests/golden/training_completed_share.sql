WITH scan AS (
  SELECT
    CAST(started_at AS DATE) AS day,
    COALESCE(CAST(platform AS TEXT), 'unknown') AS platform,
    COALESCE(CAST(cohort AS TEXT), 'unknown') AS cohort,
    COALESCE(CAST(format AS TEXT), 'unknown') AS format,
    COUNT(*) FILTER(WHERE
      (
        is_trained
      )) AS part_0,
    COUNT(*) FILTER(WHERE
      NOT is_trained IS NULL) AS part_1
  FROM mart_event_participant
  WHERE
    started_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(started_at AS DATE),
    COALESCE(CAST(platform AS TEXT), 'unknown'),
    COALESCE(CAST(cohort AS TEXT), 'unknown'),
    COALESCE(CAST(format AS TEXT), 'unknown')
)
SELECT
  'training_completed_share' AS metric,
  'platform,cohort,format' AS split,
  CAST([platform, cohort, format] AS TEXT[]) AS members,
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
  'training_completed_share' AS metric,
  'platform,cohort,format' AS split,
  CAST([platform, cohort, format] AS TEXT[]) AS members,
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
    CAST(started_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    COUNT(*) FILTER(WHERE
      (
        is_trained
      )) AS part_0,
    COUNT(*) FILTER(WHERE
      NOT is_trained IS NULL) AS part_1
  FROM mart_event_participant
  WHERE
    started_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(started_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown')
)
SELECT
  'training_completed_share' AS metric,
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
  'training_completed_share' AS metric,
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
    CAST(started_at AS DATE) AS day,
    COALESCE(CAST(event AS TEXT), 'unknown') AS event,
    COUNT(*) FILTER(WHERE
      (
        is_trained
      )) AS part_0,
    COUNT(*) FILTER(WHERE
      NOT is_trained IS NULL) AS part_1
  FROM mart_event_participant
  WHERE
    started_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(started_at AS DATE),
    COALESCE(CAST(event AS TEXT), 'unknown')
)
SELECT
  'training_completed_share' AS metric,
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
  'training_completed_share' AS metric,
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
