WITH scan AS (
  SELECT
    CAST(started_at AS DATE) AS day,
    COALESCE(CAST(funnel_kind AS TEXT), 'unknown') AS funnel_kind,
    COALESCE(CAST(furthest_step AS TEXT), 'unknown') AS furthest_step,
    COALESCE(CAST(outcome AS TEXT), 'unknown') AS outcome,
    COALESCE(CAST(behaviour AS TEXT), 'unknown') AS behaviour,
    COALESCE(CAST(harm AS TEXT), 'unknown') AS harm,
    COALESCE(CAST(edit_bucket AS TEXT), 'unknown') AS edit_bucket,
    COALESCE(CAST(sample AS TEXT), 'unknown') AS sample,
    COUNT(*) FILTER(WHERE
      (
        is_abandoned
      )
      AND started_at + INTERVAL '86400' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_0,
    COUNT(*) FILTER(WHERE
      (
        is_started
      )
      AND started_at + INTERVAL '86400' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_1
  FROM mart_report_funnel
  WHERE
    started_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(started_at AS DATE),
    COALESCE(CAST(funnel_kind AS TEXT), 'unknown'),
    COALESCE(CAST(furthest_step AS TEXT), 'unknown'),
    COALESCE(CAST(outcome AS TEXT), 'unknown'),
    COALESCE(CAST(behaviour AS TEXT), 'unknown'),
    COALESCE(CAST(harm AS TEXT), 'unknown'),
    COALESCE(CAST(edit_bucket AS TEXT), 'unknown'),
    COALESCE(CAST(sample AS TEXT), 'unknown')
)
SELECT
  'report_abandonment_share' AS metric,
  'funnel_kind,furthest_step,outcome,behaviour,harm,edit_bucket,sample' AS split,
  CAST([funnel_kind, furthest_step, outcome, behaviour, harm, edit_bucket, sample] AS TEXT[]) AS members,
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
  'report_abandonment_share' AS metric,
  'funnel_kind,furthest_step,outcome,behaviour,harm,edit_bucket,sample' AS split,
  CAST([funnel_kind, furthest_step, outcome, behaviour, harm, edit_bucket, sample] AS TEXT[]) AS members,
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
    CAST(started_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    COUNT(*) FILTER(WHERE
      (
        is_abandoned
      )
      AND started_at + INTERVAL '86400' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_0,
    COUNT(*) FILTER(WHERE
      (
        is_started
      )
      AND started_at + INTERVAL '86400' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_1
  FROM mart_report_funnel
  WHERE
    started_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(started_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown')
)
SELECT
  'report_abandonment_share' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
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
  'report_abandonment_share' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;
