SELECT
  CAST(opened_at AS DATE) AS "day",
  COALESCE(CAST(queue AS TEXT), 'unknown') AS "queue",
  COALESCE(CAST(channel AS TEXT), 'unknown') AS "channel",
  COALESCE(CAST(priority AS TEXT), 'unknown') AS "priority",
  COALESCE(CAST(urgency AS TEXT), 'unknown') AS "urgency",
  COALESCE(CAST(state AS TEXT), 'unknown') AS "state",
  COALESCE(CAST(satisfaction AS TEXT), 'unknown') AS "satisfaction",
  CAST(NULLIF(
    COUNT_IF(
      (
        is_answered AND first_response_hours <= 48
      )
      AND opened_at + INTERVAL '172800' SECOND <= CAST($as_of AS TIMESTAMP)
    ),
    0
  ) AS DOUBLE) AS answered_within_target_share__numerator,
  CAST(NULLIF(
    COUNT(
      CASE
        WHEN opened_at + INTERVAL '172800' SECOND <= CAST($as_of AS TIMESTAMP)
        THEN is_answered
      END
    ),
    0
  ) AS DOUBLE) AS answered_within_target_share__denominator
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
  CAST(opened_at AS DATE) AS "day",
  COALESCE(CAST(language AS TEXT), 'unknown') AS "language",
  CAST(NULLIF(
    COUNT_IF(
      (
        is_answered AND first_response_hours <= 48
      )
      AND opened_at + INTERVAL '172800' SECOND <= CAST($as_of AS TIMESTAMP)
    ),
    0
  ) AS DOUBLE) AS answered_within_target_share__numerator,
  CAST(NULLIF(
    COUNT(
      CASE
        WHEN opened_at + INTERVAL '172800' SECOND <= CAST($as_of AS TIMESTAMP)
        THEN is_answered
      END
    ),
    0
  ) AS DOUBLE) AS answered_within_target_share__denominator
FROM mart_case
WHERE
  opened_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(opened_at AS DATE),
  COALESCE(CAST(language AS TEXT), 'unknown');
