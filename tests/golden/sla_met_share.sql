SELECT
  CAST(decided_at AS DATE) AS "day",
  COALESCE(CAST(promise AS TEXT), 'unknown') AS "promise",
  COALESCE(CAST(queue AS TEXT), 'unknown') AS "queue",
  COALESCE(CAST(channel AS TEXT), 'unknown') AS "channel",
  COALESCE(CAST(priority AS TEXT), 'unknown') AS "priority",
  COALESCE(CAST(urgency AS TEXT), 'unknown') AS "urgency",
  CAST(NULLIF(COUNT_IF((
    is_kept
  )), 0) AS DOUBLE) AS sla_met_share__numerator,
  CAST(NULLIF(COUNT(is_kept), 0) AS DOUBLE) AS sla_met_share__denominator
FROM mart_case_target
WHERE
  decided_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(decided_at AS DATE),
  COALESCE(CAST(promise AS TEXT), 'unknown'),
  COALESCE(CAST(queue AS TEXT), 'unknown'),
  COALESCE(CAST(channel AS TEXT), 'unknown'),
  COALESCE(CAST(priority AS TEXT), 'unknown'),
  COALESCE(CAST(urgency AS TEXT), 'unknown');

SELECT
  CAST(decided_at AS DATE) AS "day",
  COALESCE(CAST(language AS TEXT), 'unknown') AS "language",
  CAST(NULLIF(COUNT_IF((
    is_kept
  )), 0) AS DOUBLE) AS sla_met_share__numerator,
  CAST(NULLIF(COUNT(is_kept), 0) AS DOUBLE) AS sla_met_share__denominator
FROM mart_case_target
WHERE
  decided_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(decided_at AS DATE),
  COALESCE(CAST(language AS TEXT), 'unknown');
