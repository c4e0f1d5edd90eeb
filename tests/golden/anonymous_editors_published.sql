SELECT
  CAST(month_at AS DATE) AS "day",
  COALESCE(CAST(editor_kind AS TEXT), 'unknown') AS "editor_kind",
  COALESCE(CAST(activity AS TEXT), 'unknown') AS "activity",
  SUM(
    CASE
      WHEN (
        editor_kind = 'anonymous' OR editor_kind = 'anonymous_or_temporary'
      )
      THEN CAST(editors AS DOUBLE)
    END
  ) AS anonymous_editors_published__value
FROM mart_editor_count
WHERE
  month_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(month_at AS DATE),
  COALESCE(CAST(editor_kind AS TEXT), 'unknown'),
  COALESCE(CAST(activity AS TEXT), 'unknown');

SELECT
  CAST(month_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  SUM(
    CASE
      WHEN (
        editor_kind = 'anonymous' OR editor_kind = 'anonymous_or_temporary'
      )
      THEN CAST(editors AS DOUBLE)
    END
  ) AS anonymous_editors_published__value
FROM mart_editor_count
WHERE
  month_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(month_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');
