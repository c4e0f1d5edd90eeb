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
  'reports_submitted' AS metric,
  'incident_type,behaviour,edit_bucket,sample' AS split,
  CAST([incident_type, behaviour, edit_bucket, sample] AS TEXT[]) AS members,
  day,
  'value' AS part,
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
  'reports_submitted' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;
