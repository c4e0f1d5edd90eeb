-- One row per wiki, month, kind of editor and level of activity; the source's own sums (all-...) are left out.
WITH content_month AS (
  SELECT
    wiki,
    starts_on,
    ends_on,
    editor_type,
    activity_level,
    editors
  FROM core_editor_count
  WHERE granularity = 'monthly' AND page_type = 'content'
)
SELECT
  content_month.wiki,
  CAST(content_month.starts_on AS TIMESTAMP) AS month_at,
  CASE content_month.editor_type
    WHEN 'user' THEN 'registered'
    WHEN 'group-bot' THEN 'bot_by_group'
    WHEN 'name-bot' THEN 'bot_by_name'
    ELSE CASE
      WHEN content_month.ends_on < meta_wiki.temporary_accounts_from THEN 'anonymous'
      ELSE 'anonymous_or_temporary'
    END
  END AS editor_kind,
  CASE content_month.activity_level
    WHEN '1..4-edits' THEN '1_to_4'
    WHEN '5..24-edits' THEN '5_to_24'
    WHEN '25..99-edits' THEN '25_to_99'
    ELSE '100_or_more'
  END AS activity,
  content_month.editors
FROM content_month
-- a missing partner, or one without a date: nobody said since when there are temporary accounts, so there may be some
LEFT JOIN meta_wiki
  ON meta_wiki.wiki = content_month.wiki
WHERE content_month.editor_type <> 'all-editor-types' AND content_month.activity_level <> 'all-activity-levels'
