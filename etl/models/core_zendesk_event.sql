-- One row per metric event of Zendesk that was not taken back and lies before $as_of, however often it was fetched.
SELECT
  desk,
  case_key,
  event_key,
  metric,
  instance,
  kind,
  happened_at,
  MAX(target_minutes) AS target_minutes
FROM raw_zendesk_metric_event
WHERE happened_at < $as_of
GROUP BY desk, case_key, event_key, metric, instance, kind, happened_at
HAVING MAX(CASE WHEN is_removed THEN 1 ELSE 0 END) = 0
