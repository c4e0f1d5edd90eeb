-- One row per account made on a wiki by a person, with what it did in its first 60 days; empty while they are not over.
SELECT
  wiki,
  registered_at,
  account_kind,
  CASE WHEN is_window_over THEN first_day_edit_count > 0 END AS has_edited_within_1d,
  CASE WHEN is_window_over THEN first_30d_edit_count > 0 END AS has_edited_within_30d,
  CASE WHEN is_window_over THEN second_30d_edit_count > 0 END AS has_edited_in_second_30d
FROM core_new_editor
