SELECT
  CAST(decided_at AS DATE) AS "day",
  COALESCE(CAST(body AS TEXT), 'unknown') AS "body",
  COALESCE(CAST(outcome AS TEXT), 'unknown') AS "outcome",
  CAST(NULLIF(COUNT_IF((
    outcome = 'overturned' OR outcome = 'remanded'
  )), 0) AS DOUBLE) AS appeal_changed_share__numerator,
  CAST(NULLIF(COUNT_IF((
    is_eligible
  )), 0) AS DOUBLE) AS appeal_changed_share__denominator
FROM mart_appeal_decision
WHERE
  decided_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(decided_at AS DATE),
  COALESCE(CAST(body AS TEXT), 'unknown'),
  COALESCE(CAST(outcome AS TEXT), 'unknown');
