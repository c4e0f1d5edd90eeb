-- One row per figure of the Analytics API (wiki, kind of editor and page, level of activity, period) that was over before
-- $as_of: snapshots are made anew every month and may change any of them, so that of several answers the newest counts.
WITH figure_copy AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY wiki, editor_type, page_type, activity_level, granularity, starts_on
      ORDER BY retrieved_at DESC, _file, line, editors
    ) AS copy_number
  FROM raw_aqs_editors
  WHERE ends_on < CAST($as_of AS DATE)
)
SELECT
  wiki,
  editor_type,
  page_type,
  activity_level,
  granularity,
  starts_on,
  ends_on,
  editors,
  retrieved_at
FROM figure_copy
WHERE copy_number = 1
