SELECT
  CAST(raised_at AS DATE) AS "day",
  CAST(waiting_days AS DOUBLE) AS "at",
  CAST(NULLIF(COUNT(CASE WHEN is_answered THEN waiting_days END), 0) AS DOUBLE) AS escalation_median_days__event,
  CAST(NULLIF(COUNT(CASE WHEN NOT is_answered THEN waiting_days END), 0) AS DOUBLE) AS escalation_median_days__censored
FROM mart_escalation
WHERE
  raised_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(raised_at AS DATE),
  CAST(waiting_days AS DOUBLE);
