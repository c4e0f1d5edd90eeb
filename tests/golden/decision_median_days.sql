WITH scan AS (
  SELECT
    CAST(asked_at AS DATE) AS day,
    waiting_days AS "at",
    COUNT(*) FILTER(WHERE
      is_decided AND NOT waiting_days IS NULL) AS part_0,
    COUNT(*) FILTER(WHERE
      NOT is_decided AND NOT waiting_days IS NULL) AS part_1
  FROM mart_decision
  WHERE
    asked_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(asked_at AS DATE),
    waiting_days
)
SELECT
  'decision_median_days' AS metric,
  '' AS split,
  CAST([] AS TEXT[]) AS members,
  day,
  'event' AS part,
  CAST("at" AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'decision_median_days' AS metric,
  '' AS split,
  CAST([] AS TEXT[]) AS members,
  day,
  'censored' AS part,
  CAST("at" AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;
