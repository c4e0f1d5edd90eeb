SELECT
  CAST(edited_at AS DATE) AS "day",
  COALESCE(CAST(editor_kind AS TEXT), 'unknown') AS "editor_kind",
  COALESCE(CAST(page_kind AS TEXT), 'unknown') AS "page_kind",
  CAST(NULLIF(COUNT_IF((
    is_reverted
  )), 0) AS DOUBLE) AS revert_share__numerator,
  CAST(NULLIF(COUNT_IF((
    editor_kind <> 'bot'
  )), 0) AS DOUBLE) AS revert_share__denominator
FROM mart_edit
WHERE
  edited_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(edited_at AS DATE),
  COALESCE(CAST(editor_kind AS TEXT), 'unknown'),
  COALESCE(CAST(page_kind AS TEXT), 'unknown');

SELECT
  CAST(edited_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  CAST(NULLIF(COUNT_IF((
    is_reverted
  )), 0) AS DOUBLE) AS revert_share__numerator,
  CAST(NULLIF(COUNT_IF((
    editor_kind <> 'bot'
  )), 0) AS DOUBLE) AS revert_share__denominator
FROM mart_edit
WHERE
  edited_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(edited_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');
