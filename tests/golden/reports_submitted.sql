SELECT
  CAST(submitted_at AS DATE) AS "day",
  COALESCE(CAST(incident_type AS TEXT), 'unknown') AS "incident_type",
  COALESCE(CAST(behaviour AS TEXT), 'unknown') AS "behaviour",
  COALESCE(CAST(edit_bucket AS TEXT), 'unknown') AS "edit_bucket",
  COALESCE(CAST(sample AS TEXT), 'unknown') AS "sample",
  CAST(NULLIF(COUNT_IF((
    incident_type = 'unacceptable-user-behavior'
  )), 0) AS DOUBLE) AS reports_submitted__value
FROM mart_report_submission
WHERE
  submitted_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(submitted_at AS DATE),
  COALESCE(CAST(incident_type AS TEXT), 'unknown'),
  COALESCE(CAST(behaviour AS TEXT), 'unknown'),
  COALESCE(CAST(edit_bucket AS TEXT), 'unknown'),
  COALESCE(CAST(sample AS TEXT), 'unknown');

SELECT
  CAST(submitted_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  CAST(NULLIF(COUNT_IF((
    incident_type = 'unacceptable-user-behavior'
  )), 0) AS DOUBLE) AS reports_submitted__value
FROM mart_report_submission
WHERE
  submitted_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(submitted_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');
