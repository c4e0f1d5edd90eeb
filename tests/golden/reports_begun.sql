SELECT
  CAST(started_at AS DATE) AS "day",
  COALESCE(CAST(funnel_kind AS TEXT), 'unknown') AS "funnel_kind",
  COALESCE(CAST(furthest_step AS TEXT), 'unknown') AS "furthest_step",
  COALESCE(CAST(outcome AS TEXT), 'unknown') AS "outcome",
  COALESCE(CAST(behaviour AS TEXT), 'unknown') AS "behaviour",
  COALESCE(CAST(harm AS TEXT), 'unknown') AS "harm",
  COALESCE(CAST(edit_bucket AS TEXT), 'unknown') AS "edit_bucket",
  COALESCE(CAST(sample AS TEXT), 'unknown') AS "sample",
  CAST(NULLIF(COUNT_IF(started_at + INTERVAL '86400' SECOND <= CAST($as_of AS TIMESTAMP)), 0) AS DOUBLE) AS reports_begun__value
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
  COALESCE(CAST(sample AS TEXT), 'unknown');

SELECT
  CAST(started_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  CAST(NULLIF(COUNT_IF(started_at + INTERVAL '86400' SECOND <= CAST($as_of AS TIMESTAMP)), 0) AS DOUBLE) AS reports_begun__value
FROM mart_report_funnel
WHERE
  started_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(started_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');
