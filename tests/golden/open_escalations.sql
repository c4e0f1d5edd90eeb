WITH scan AS (
  SELECT
    CAST(raised_at AS DATE) AS day,
    COUNT(*) AS part_0
  FROM mart_escalation
  WHERE
    raised_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(raised_at AS DATE)
)
SELECT
  'open_escalations' AS metric,
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
    CAST(answered_at AS DATE) AS day,
    COUNT(*) AS part_0
  FROM mart_escalation
  WHERE
    answered_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(answered_at AS DATE)
)
SELECT
  'open_escalations' AS metric,
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
