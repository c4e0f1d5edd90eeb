SELECT
  CAST(opened_at AS DATE) AS "day",
  COALESCE(CAST(queue AS TEXT), 'unknown') AS "queue",
  COALESCE(CAST(channel AS TEXT), 'unknown') AS "channel",
  COALESCE(CAST(priority AS TEXT), 'unknown') AS "priority",
  COALESCE(CAST(urgency AS TEXT), 'unknown') AS "urgency",
  COALESCE(CAST(state AS TEXT), 'unknown') AS "state",
  COALESCE(CAST(satisfaction AS TEXT), 'unknown') AS "satisfaction",
  CAST(NULLIF(COUNT_IF((
    urgency = 'emergency'
  )), 0) AS DOUBLE) AS emergencies_per_1000_active_editors__numerator
FROM mart_case
WHERE
  opened_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(opened_at AS DATE),
  COALESCE(CAST(queue AS TEXT), 'unknown'),
  COALESCE(CAST(channel AS TEXT), 'unknown'),
  COALESCE(CAST(priority AS TEXT), 'unknown'),
  COALESCE(CAST(urgency AS TEXT), 'unknown'),
  COALESCE(CAST(state AS TEXT), 'unknown'),
  COALESCE(CAST(satisfaction AS TEXT), 'unknown');

SELECT
  CAST(month_at AS DATE) AS "day",
  COALESCE(CAST(editor_kind AS TEXT), 'unknown') AS "editor_kind",
  COALESCE(CAST(activity_level AS TEXT), 'unknown') AS "activity_level",
  COALESCE(CAST(tenure AS TEXT), 'unknown') AS "tenure",
  COALESCE(CAST(editor_role AS TEXT), 'unknown') AS "editor_role",
  CAST(NULLIF(COUNT_IF((
    editor_kind = 'account' AND content_edit_count >= 5
  )), 0) AS DOUBLE) AS emergencies_per_1000_active_editors__denominator
FROM mart_editor_month
WHERE
  month_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(month_at AS DATE),
  COALESCE(CAST(editor_kind AS TEXT), 'unknown'),
  COALESCE(CAST(activity_level AS TEXT), 'unknown'),
  COALESCE(CAST(tenure AS TEXT), 'unknown'),
  COALESCE(CAST(editor_role AS TEXT), 'unknown');
