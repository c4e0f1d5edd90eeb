-- One row per wiki, editor with an account and month in which they edited, the month by its first moment.
SELECT
  wiki,
  month_at,
  editor_kind,
  CASE
    WHEN content_edit_count >= 100 THEN '100_or_more'
    WHEN content_edit_count >= 25 THEN '25_to_99'
    WHEN content_edit_count >= 5 THEN '5_to_24'
    WHEN content_edit_count >= 1 THEN '1_to_4'
    ELSE 'none'
  END AS activity_level,
  -- Five years each, by the first edit on this wiki.
  CASE
    WHEN EXTRACT(YEAR FROM first_edit_at) <= 2005 THEN '2001_to_2005'
    WHEN EXTRACT(YEAR FROM first_edit_at) <= 2010 THEN '2006_to_2010'
    WHEN EXTRACT(YEAR FROM first_edit_at) <= 2015 THEN '2011_to_2015'
    WHEN EXTRACT(YEAR FROM first_edit_at) <= 2020 THEN '2016_to_2020'
    WHEN EXTRACT(YEAR FROM first_edit_at) <= 2025 THEN '2021_to_2025'
    ELSE '2026_or_later'
  END AS tenure,
  CASE WHEN is_admin THEN 'admin' ELSE 'other' END AS editor_role,
  -- Without a time of registration the account is from the first years, and so not new.
  COALESCE(DATE_TRUNC('month', registered_at) = month_at, FALSE) AS is_new,
  edit_count,
  content_edit_count
FROM core_editor_month
