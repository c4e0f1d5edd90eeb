SELECT
  CAST(received_at AS DATE) AS "day",
  COALESCE(CAST(body AS TEXT), 'unknown') AS "body",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS appeals_received__value
FROM mart_appeal_received
WHERE
  received_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(received_at AS DATE),
  COALESCE(CAST(body AS TEXT), 'unknown');
