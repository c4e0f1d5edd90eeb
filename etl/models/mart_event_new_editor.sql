-- One row per event and participant whose account was registered while it went on; platforms that do not tell have none.
SELECT
  started_at,
  platform,
  wiki,
  cohort,
  format,
  event
FROM mart_event_participant
WHERE is_new
