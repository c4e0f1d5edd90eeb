SELECT
  CAST(decided_at AS DATE) AS "day",
  COALESCE(CAST(body AS TEXT), 'unknown') AS "body",
  COALESCE(CAST(outcome AS TEXT), 'unknown') AS "outcome",
  CAST(NULLIF(COUNT_IF((
    outcome = 'overturned'
  )), 0) AS DOUBLE) AS appeal_overturned_share__numerator,
  CAST(NULLIF(COUNT_IF((
    is_eligible
  )), 0) AS DOUBLE) AS appeal_overturned_share__denominator
FROM mart_appeal_decision
WHERE
  decided_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(decided_at AS DATE),
  COALESCE(CAST(body AS TEXT), 'unknown'),
  COALESCE(CAST(outcome AS TEXT), 'unknown');
