SELECT
  CAST(raised_at AS DATE) AS "day",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS open_escalations__in
FROM mart_escalation
WHERE
  raised_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(raised_at AS DATE);

SELECT
  CAST(answered_at AS DATE) AS "day",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS open_escalations__out
FROM mart_escalation
WHERE
  answered_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(answered_at AS DATE);
