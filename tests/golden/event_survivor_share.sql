SELECT
  CAST(ended_at AS DATE) AS "day",
  COALESCE(CAST(cohort AS TEXT), 'unknown') AS "cohort",
  COALESCE(CAST(experience AS TEXT), 'unknown') AS "experience",
  CAST(NULLIF(
    COUNT_IF(
      (
        is_survivor
      )
      AND ended_at + INTERVAL '7862400' SECOND <= CAST($as_of AS TIMESTAMP)
    ),
    0
  ) AS DOUBLE) AS event_survivor_share__numerator,
  CAST(NULLIF(
    COUNT(
      CASE
        WHEN ended_at + INTERVAL '7862400' SECOND <= CAST($as_of AS TIMESTAMP)
        THEN is_survivor
      END
    ),
    0
  ) AS DOUBLE) AS event_survivor_share__denominator
FROM mart_event_retention
WHERE
  ended_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(ended_at AS DATE),
  COALESCE(CAST(cohort AS TEXT), 'unknown'),
  COALESCE(CAST(experience AS TEXT), 'unknown');

SELECT
  CAST(ended_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  CAST(NULLIF(
    COUNT_IF(
      (
        is_survivor
      )
      AND ended_at + INTERVAL '7862400' SECOND <= CAST($as_of AS TIMESTAMP)
    ),
    0
  ) AS DOUBLE) AS event_survivor_share__numerator,
  CAST(NULLIF(
    COUNT(
      CASE
        WHEN ended_at + INTERVAL '7862400' SECOND <= CAST($as_of AS TIMESTAMP)
        THEN is_survivor
      END
    ),
    0
  ) AS DOUBLE) AS event_survivor_share__denominator
FROM mart_event_retention
WHERE
  ended_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(ended_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');

SELECT
  CAST(ended_at AS DATE) AS "day",
  COALESCE(CAST(event AS TEXT), 'unknown') AS "event",
  CAST(NULLIF(
    COUNT_IF(
      (
        is_survivor
      )
      AND ended_at + INTERVAL '7862400' SECOND <= CAST($as_of AS TIMESTAMP)
    ),
    0
  ) AS DOUBLE) AS event_survivor_share__numerator,
  CAST(NULLIF(
    COUNT(
      CASE
        WHEN ended_at + INTERVAL '7862400' SECOND <= CAST($as_of AS TIMESTAMP)
        THEN is_survivor
      END
    ),
    0
  ) AS DOUBLE) AS event_survivor_share__denominator
FROM mart_event_retention
WHERE
  ended_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(ended_at AS DATE),
  COALESCE(CAST(event AS TEXT), 'unknown');
