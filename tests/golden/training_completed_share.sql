SELECT
  CAST(started_at AS DATE) AS "day",
  COALESCE(CAST(platform AS TEXT), 'unknown') AS "platform",
  COALESCE(CAST(cohort AS TEXT), 'unknown') AS "cohort",
  COALESCE(CAST(format AS TEXT), 'unknown') AS "format",
  CAST(NULLIF(COUNT_IF((
    is_trained
  )), 0) AS DOUBLE) AS training_completed_share__numerator,
  CAST(NULLIF(COUNT(is_trained), 0) AS DOUBLE) AS training_completed_share__denominator
FROM mart_event_participant
WHERE
  started_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(started_at AS DATE),
  COALESCE(CAST(platform AS TEXT), 'unknown'),
  COALESCE(CAST(cohort AS TEXT), 'unknown'),
  COALESCE(CAST(format AS TEXT), 'unknown');

SELECT
  CAST(started_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  CAST(NULLIF(COUNT_IF((
    is_trained
  )), 0) AS DOUBLE) AS training_completed_share__numerator,
  CAST(NULLIF(COUNT(is_trained), 0) AS DOUBLE) AS training_completed_share__denominator
FROM mart_event_participant
WHERE
  started_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(started_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');

SELECT
  CAST(started_at AS DATE) AS "day",
  COALESCE(CAST(event AS TEXT), 'unknown') AS "event",
  CAST(NULLIF(COUNT_IF((
    is_trained
  )), 0) AS DOUBLE) AS training_completed_share__numerator,
  CAST(NULLIF(COUNT(is_trained), 0) AS DOUBLE) AS training_completed_share__denominator
FROM mart_event_participant
WHERE
  started_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(started_at AS DATE),
  COALESCE(CAST(event AS TEXT), 'unknown');
