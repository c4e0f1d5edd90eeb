SELECT
  CAST(asked_at AS DATE) AS "day",
  CAST(waiting_days AS DOUBLE) AS "at",
  CAST(NULLIF(COUNT(CASE WHEN is_decided THEN waiting_days END), 0) AS DOUBLE) AS decision_median_days__event,
  CAST(NULLIF(COUNT(CASE WHEN NOT is_decided THEN waiting_days END), 0) AS DOUBLE) AS decision_median_days__censored
FROM mart_decision
WHERE
  asked_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(asked_at AS DATE),
  CAST(waiting_days AS DOUBLE);
