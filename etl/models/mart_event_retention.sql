-- One row per ended course and participant of whom its retention report tells, without editors of 500 edits before it.
SELECT
  retention.ends_at AS ended_at,
  core_event.wiki,
  COALESCE(core_event.cohort, 'unknown') AS cohort,
  retention.event,
  CASE WHEN retention.is_returning THEN 'returning' ELSE 'first_course' END AS experience,
  retention.sessions_during > 0 AS is_active_during,
  -- Unknown, not false, while the window is open.
  retention.sessions_after > 0 AS is_active_after,
  NOT retention.sessions_after IS NULL AS has_return_window_closed,
  retention.edits_in_days_60_to_90 >= 5 AS is_survivor
FROM core_event_retention AS retention
INNER JOIN core_event
  ON core_event.platform = 'dashboard' AND core_event.event = retention.event
WHERE NOT retention.is_long_term
