SELECT
  CAST(month_at AS DATE) AS "day",
  COALESCE(CAST(editor_kind AS TEXT), 'unknown') AS "editor_kind",
  COALESCE(CAST(activity_level AS TEXT), 'unknown') AS "activity_level",
  COALESCE(CAST(tenure AS TEXT), 'unknown') AS "tenure",
  COALESCE(CAST(editor_role AS TEXT), 'unknown') AS "editor_role",
  CAST(NULLIF(COUNT_IF((
    editor_kind = 'account' AND content_edit_count >= 5
  )), 0) AS DOUBLE) AS active_editors__value
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
  )), 0) AS DOUBLE) AS active_editors__value
FROM mart_editor_month
WHERE
  month_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(month_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');
