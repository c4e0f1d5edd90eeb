SELECT
  CAST(decided_at AS DATE) AS "day",
  COALESCE(CAST(body AS TEXT), 'unknown') AS "body",
  COALESCE(CAST(outcome AS TEXT), 'unknown') AS "outcome",
  CAST(days_to_decision AS DOUBLE) AS "at",
  CAST(NULLIF(COUNT(*) FILTER(WHERE
    NOT days_to_decision IS NULL), 0) AS DOUBLE) AS appeal_decision_median_days__event
FROM mart_appeal_decision
WHERE
  decided_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(decided_at AS DATE),
  COALESCE(CAST(body AS TEXT), 'unknown'),
  COALESCE(CAST(outcome AS TEXT), 'unknown'),
  CAST(days_to_decision AS DOUBLE);
