SELECT
  CAST(submitted_at AS DATE) AS "day",
  COALESCE(CAST(incident_type AS TEXT), 'unknown') AS "incident_type",
  COALESCE(CAST(behaviour AS TEXT), 'unknown') AS "behaviour",
  COALESCE(CAST(edit_bucket AS TEXT), 'unknown') AS "edit_bucket",
  COALESCE(CAST(sample AS TEXT), 'unknown') AS "sample",
  CAST(NULLIF(COUNT_IF((
    incident_type = 'unacceptable-user-behavior'
  )), 0) AS DOUBLE) AS reports_per_1000_active_editors__numerator
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
  )), 0) AS DOUBLE) AS reports_per_1000_active_editors__numerator
FROM mart_report_submission
WHERE
  submitted_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(submitted_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');

SELECT
  CAST(month_at AS DATE) AS "day",
  COALESCE(CAST(editor_kind AS TEXT), 'unknown') AS "editor_kind",
  COALESCE(CAST(activity_level AS TEXT), 'unknown') AS "activity_level",
  COALESCE(CAST(tenure AS TEXT), 'unknown') AS "tenure",
  COALESCE(CAST(editor_role AS TEXT), 'unknown') AS "editor_role",
  CAST(NULLIF(COUNT_IF((
    editor_kind = 'account' AND content_edit_count >= 5
  )), 0) AS DOUBLE) AS reports_per_1000_active_editors__denominator
FROM mart_editor_month
WHERE
  month_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(month_at AS DATE),
  COALESCE(CAST(editor_kind AS TEXT), 'unknown'),
  COALESCE(CAST(activity_level AS TEXT), 'unknown'),
  COALESCE(CAST(tenure AS TEXT), 'unknown'),
  COALESCE(CAST(editor_role AS TEXT), 'unknown');

SELECT
  CAST(month_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  CAST(NULLIF(COUNT_IF((
    editor_kind = 'account' AND content_edit_count >= 5
  )), 0) AS DOUBLE) AS reports_per_1000_active_editors__denominator
FROM mart_editor_month
WHERE
  month_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(month_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');
