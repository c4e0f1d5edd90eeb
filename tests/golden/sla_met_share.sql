WITH scan AS (
  SELECT
    CAST(decided_at AS DATE) AS day,
    COALESCE(CAST(promise AS TEXT), 'unknown') AS promise,
    COALESCE(CAST(queue AS TEXT), 'unknown') AS queue,
    COALESCE(CAST(channel AS TEXT), 'unknown') AS channel,
    COALESCE(CAST(priority AS TEXT), 'unknown') AS priority,
    COALESCE(CAST(urgency AS TEXT), 'unknown') AS urgency,
    COUNT(*) FILTER(WHERE
      (
        is_kept
      )) AS part_0,
    COUNT(*) FILTER(WHERE
      NOT is_kept IS NULL) AS part_1
  FROM mart_case_target
  WHERE
    decided_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(decided_at AS DATE),
    COALESCE(CAST(promise AS TEXT), 'unknown'),
    COALESCE(CAST(queue AS TEXT), 'unknown'),
    COALESCE(CAST(channel AS TEXT), 'unknown'),
    COALESCE(CAST(priority AS TEXT), 'unknown'),
    COALESCE(CAST(urgency AS TEXT), 'unknown')
)
SELECT
  'sla_met_share' AS metric,
  'promise,queue,channel,priority,urgency' AS split,
  CAST([promise, queue, channel, priority, urgency] AS TEXT[]) AS members,
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
  'sla_met_share' AS metric,
  'promise,queue,channel,priority,urgency' AS split,
  CAST([promise, queue, channel, priority, urgency] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;

WITH scan AS (
  SELECT
    CAST(decided_at AS DATE) AS day,
    COALESCE(CAST(language AS TEXT), 'unknown') AS language,
    COUNT(*) FILTER(WHERE
      (
        is_kept
      )) AS part_0,
    COUNT(*) FILTER(WHERE
      NOT is_kept IS NULL) AS part_1
  FROM mart_case_target
  WHERE
    decided_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(decided_at AS DATE),
    COALESCE(CAST(language AS TEXT), 'unknown')
)
SELECT
  'sla_met_share' AS metric,
  'language' AS split,
  CAST([language] AS TEXT[]) AS members,
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
  'sla_met_share' AS metric,
  'language' AS split,
  CAST([language] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;
