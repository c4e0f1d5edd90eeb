WITH scan AS (
  SELECT
    CAST(decided_at AS DATE) AS day,
    COALESCE(CAST(body AS TEXT), 'unknown') AS body,
    COALESCE(CAST(outcome AS TEXT), 'unknown') AS outcome,
    COUNT(*) FILTER(WHERE
      (
        outcome = 'overturned'
      )) AS part_0,
    COUNT(*) FILTER(WHERE
      (
        is_eligible
      )) AS part_1
  FROM mart_appeal_decision
  WHERE
    decided_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(decided_at AS DATE),
    COALESCE(CAST(body AS TEXT), 'unknown'),
    COALESCE(CAST(outcome AS TEXT), 'unknown')
)
SELECT
  'appeal_overturned_share' AS metric,
  'body,outcome' AS split,
  CAST([body, outcome] AS TEXT[]) AS members,
  day,
  'numerator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'appeal_overturned_share' AS metric,
  'body,outcome' AS split,
  CAST([body, outcome] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;
