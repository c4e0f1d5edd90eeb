WITH scan AS (
  SELECT
    CAST(edited_at AS DATE) AS day,
    COALESCE(CAST(editor_kind AS TEXT), 'unknown') AS editor_kind,
    COALESCE(CAST(page_kind AS TEXT), 'unknown') AS page_kind,
    COUNT(*) FILTER(WHERE
      (
        is_reverted
      )) AS part_0,
    COUNT(*) FILTER(WHERE
      (
        editor_kind <> 'bot'
      )) AS part_1
  FROM mart_edit
  WHERE
    edited_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(edited_at AS DATE),
    COALESCE(CAST(editor_kind AS TEXT), 'unknown'),
    COALESCE(CAST(page_kind AS TEXT), 'unknown')
)
SELECT
  'revert_share' AS metric,
  'editor_kind,page_kind' AS split,
  CAST([editor_kind, page_kind] AS TEXT[]) AS members,
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
  'revert_share' AS metric,
  'editor_kind,page_kind' AS split,
  CAST([editor_kind, page_kind] AS TEXT[]) AS members,
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
    CAST(edited_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    COUNT(*) FILTER(WHERE
      (
        is_reverted
      )) AS part_0,
    COUNT(*) FILTER(WHERE
      (
        editor_kind <> 'bot'
      )) AS part_1
  FROM mart_edit
  WHERE
    edited_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(edited_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown')
)
SELECT
  'revert_share' AS metric,
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
  'revert_share' AS metric,
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
