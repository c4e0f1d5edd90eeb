WITH scan AS (
  SELECT
    CAST(asked_at AS DATE) AS day,
    COUNT(*) AS part_0
  FROM mart_decision
  WHERE
    asked_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(asked_at AS DATE)
)
SELECT
  'decisions_pending' AS metric,
  '' AS split,
  CAST([] AS TEXT[]) AS members,
  day,
  'in' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(decided_at AS DATE) AS day,
    COUNT(*) AS part_0
  FROM mart_decision
  WHERE
    decided_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(decided_at AS DATE)
)
SELECT
  'decisions_pending' AS metric,
  '' AS split,
  CAST([] AS TEXT[]) AS members,
  day,
  'out' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;
