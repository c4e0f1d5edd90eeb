WITH scan AS (
  SELECT
    CAST(decided_at AS DATE) AS day,
    COALESCE(CAST(body AS TEXT), 'unknown') AS body,
    COALESCE(CAST(outcome AS TEXT), 'unknown') AS outcome,
    COUNT(*) AS part_0
  FROM mart_appeal_decision
  WHERE
    decided_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(decided_at AS DATE),
    COALESCE(CAST(body AS TEXT), 'unknown'),
    COALESCE(CAST(outcome AS TEXT), 'unknown')
)
SELECT
  'appeals_decided' AS metric,
  'body,outcome' AS split,
  CAST([body, outcome] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;
