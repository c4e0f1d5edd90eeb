SELECT
  CAST(asked_at AS DATE) AS "day",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS decisions_pending__in
FROM mart_decision
WHERE
  asked_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(asked_at AS DATE);

SELECT
  CAST(decided_at AS DATE) AS "day",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS decisions_pending__out
FROM mart_decision
WHERE
  decided_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(decided_at AS DATE);
