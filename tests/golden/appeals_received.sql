WITH scan AS (
  SELECT
    CAST(received_at AS DATE) AS day,
    COALESCE(CAST(body AS TEXT), 'unknown') AS body,
    COUNT(*) AS part_0
  FROM mart_appeal_received
  WHERE
    received_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(received_at AS DATE),
    COALESCE(CAST(body AS TEXT), 'unknown')
)
SELECT
  'appeals_received' AS metric,
  'body' AS split,
  CAST([body] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;
