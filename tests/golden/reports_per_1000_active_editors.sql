WITH scan AS (
  SELECT
    CAST(submitted_at AS DATE) AS day,
    COALESCE(CAST(incident_type AS TEXT), 'unknown') AS incident_type,
    COALESCE(CAST(behaviour AS TEXT), 'unknown') AS behaviour,
    COALESCE(CAST(edit_bucket AS TEXT), 'unknown') AS edit_bucket,
    COALESCE(CAST(sample AS TEXT), 'unknown') AS sample,
    COUNT(*) FILTER(WHERE
      (
        incident_type = 'unacceptable-user-behavior'
      )) AS part_0
  FROM mart_report_submission
  WHERE
    submitted_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(submitted_at AS DATE),
    COALESCE(CAST(incident_type AS TEXT), 'unknown'),
    COALESCE(CAST(behaviour AS TEXT), 'unknown'),
    COALESCE(CAST(edit_bucket AS TEXT), 'unknown'),
    COALESCE(CAST(sample AS TEXT), 'unknown')
)
SELECT
  'reports_per_1000_active_editors' AS metric,
  'incident_type,behaviour,edit_bucket,sample' AS split,
  CAST([incident_type, behaviour, edit_bucket, sample] AS TEXT[]) AS members,
  day,
  'numerator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(submitted_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    COUNT(*) FILTER(WHERE
      (
        incident_type = 'unacceptable-user-behavior'
      )) AS part_0
  FROM mart_report_submission
  WHERE
    submitted_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(submitted_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown')
)
SELECT
  'reports_per_1000_active_editors' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'numerator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(month_at AS DATE) AS day,
    COALESCE(CAST(editor_kind AS TEXT), 'unknown') AS editor_kind,
    COALESCE(CAST(activity_level AS TEXT), 'unknown') AS activity_level,
    COALESCE(CAST(tenure AS TEXT), 'unknown') AS tenure,
    COALESCE(CAST(editor_role AS TEXT), 'unknown') AS editor_role,
    COUNT(*) FILTER(WHERE
      (
        editor_kind = 'account' AND content_edit_count >= 5
      )) AS part_0
  FROM mart_editor_month
  WHERE
    month_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(month_at AS DATE),
    COALESCE(CAST(editor_kind AS TEXT), 'unknown'),
    COALESCE(CAST(activity_level AS TEXT), 'unknown'),
    COALESCE(CAST(tenure AS TEXT), 'unknown'),
    COALESCE(CAST(editor_role AS TEXT), 'unknown')
)
SELECT
  'reports_per_1000_active_editors' AS metric,
  'editor_kind,activity_level,tenure,editor_role' AS split,
  CAST([editor_kind, activity_level, tenure, editor_role] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(month_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    COUNT(*) FILTER(WHERE
      (
        editor_kind = 'account' AND content_edit_count >= 5
      )) AS part_0
  FROM mart_editor_month
  WHERE
    month_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(month_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown')
)
SELECT
  'reports_per_1000_active_editors' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;
