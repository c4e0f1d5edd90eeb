-- One row per edit.
SELECT
  wiki,
  edited_at,
  editor_kind,
  CASE WHEN is_content THEN 'content' ELSE 'other' END AS page_kind,
  is_reverted,
  is_revert
FROM core_edit
