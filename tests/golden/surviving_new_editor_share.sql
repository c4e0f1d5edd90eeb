WITH scan AS (
  SELECT
    CAST(registered_at AS DATE) AS day,
    COALESCE(CAST(account_kind AS TEXT), 'unknown') AS account_kind,
    COUNT(*) FILTER(WHERE
      (
        has_edited_within_1d AND has_edited_in_second_30d
      )
      AND registered_at + INTERVAL '5184000' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_0,
    COUNT(*) FILTER(WHERE
      (
        has_edited_within_1d
      )
      AND registered_at + INTERVAL '5184000' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_1
  FROM mart_new_editor
  WHERE
    registered_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(registered_at AS DATE),
    COALESCE(CAST(account_kind AS TEXT), 'unknown')
)
SELECT
  'surviving_new_editor_share' AS metric,
  'account_kind' AS split,
  CAST([account_kind] AS TEXT[]) AS members,
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
  'surviving_new_editor_share' AS metric,
  'account_kind' AS split,
  CAST([account_kind] AS TEXT[]) AS members,
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
    CAST(registered_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    COUNT(*) FILTER(WHERE
      (
        has_edited_within_1d AND has_edited_in_second_30d
      )
      AND registered_at + INTERVAL '5184000' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_0,
    COUNT(*) FILTER(WHERE
      (
        has_edited_within_1d
      )
      AND registered_at + INTERVAL '5184000' SECOND <= CAST($as_of AS TIMESTAMP)) AS part_1
  FROM mart_new_editor
  WHERE
    registered_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(registered_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown')
)
SELECT
  'surviving_new_editor_share' AS metric,
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
  'surviving_new_editor_share' AS metric,
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
