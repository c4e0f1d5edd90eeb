WITH scan AS (
  SELECT
    CAST(month_at AS DATE) AS day,
    COALESCE(CAST(editor_kind AS TEXT), 'unknown') AS editor_kind,
    COALESCE(CAST(activity AS TEXT), 'unknown') AS activity,
    SUM(CAST(editors AS DOUBLE)) FILTER(WHERE
      (
        editor_kind = 'registered' AND activity <> '1_to_4'
      ) AND NOT editors IS NULL) AS part_0
  FROM mart_editor_count
  WHERE
    month_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(month_at AS DATE),
    COALESCE(CAST(editor_kind AS TEXT), 'unknown'),
    COALESCE(CAST(activity AS TEXT), 'unknown')
)
SELECT
  'active_editors_published' AS metric,
  'editor_kind,activity' AS split,
  CAST([editor_kind, activity] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  NOT part_0 IS NULL;

WITH scan AS (
  SELECT
    CAST(month_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    SUM(CAST(editors AS DOUBLE)) FILTER(WHERE
      (
        editor_kind = 'registered' AND activity <> '1_to_4'
      ) AND NOT editors IS NULL) AS part_0
  FROM mart_editor_count
  WHERE
    month_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(month_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown')
)
SELECT
  'active_editors_published' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  NOT part_0 IS NULL;
