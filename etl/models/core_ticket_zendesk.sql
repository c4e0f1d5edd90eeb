-- One row per Zendesk ticket: its last copy, with its last durations and, where its events tell it, its last reopening.
WITH copy AS (
  SELECT
    *,
    MAX(COALESCE(generated_at, updated_at)) OVER (PARTITION BY desk) AS seen_until_at,
    ROW_NUMBER() OVER (
      PARTITION BY desk, case_key ORDER BY updated_at DESC, generated_at DESC NULLS LAST, _file DESC, line DESC
    ) AS place
  FROM raw_zendesk_ticket
), measured AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY desk, case_key ORDER BY updated_at DESC, generated_at DESC NULLS LAST, _file DESC, line DESC
    ) AS place
  FROM raw_zendesk_metric_set
), clock AS (
  SELECT
    desk,
    case_key,
    kind,
    happened_at,
    LAG(kind) OVER (
      PARTITION BY desk, case_key, metric, instance ORDER BY happened_at, CASE WHEN kind = 'fulfill' THEN 1 ELSE 0 END, event_key
    ) AS kind_before
  FROM core_zendesk_event
  WHERE metric IN ('requester_wait_time', 'resolution_time') AND kind IN ('activate', 'pause', 'fulfill')
), reopening AS (
  SELECT
    desk,
    case_key,
    MAX(happened_at) AS reopened_at
  FROM clock
  WHERE kind_before = 'fulfill' AND kind <> 'fulfill'
  GROUP BY desk, case_key
), known AS (
  SELECT
    copy.*,
    reply_minutes,
    reply_business_minutes,
    solved_at,
    -- Told in minutes that may be rounded: not after the last resolution, which is told to the second.
    opened_at + CAST(ROUND(first_resolution_minutes * 60) AS BIGINT) * INTERVAL '1' SECOND AS told_first_resolved_at
  FROM copy
  -- Without durations nothing is known of answers and resolutions.
  LEFT JOIN measured
    ON measured.desk = copy.desk AND measured.case_key = copy.case_key AND measured.place = 1
  WHERE copy.place = 1
)
SELECT
  known.desk,
  known.case_key,
  opened_at,
  opened_at + CAST(ROUND(reply_minutes * 60) AS BIGINT) * INTERVAL '1' SECOND AS first_response_at,
  reply_business_minutes AS first_response_business_minutes,
  CASE WHEN told_first_resolved_at > solved_at THEN solved_at ELSE told_first_resolved_at END AS first_resolved_at,
  COALESCE(solved_at, told_first_resolved_at) AS resolved_at,
  reopened_at,
  queue,
  channel,
  priority,
  language,
  state,
  satisfaction,
  is_emergency,
  is_deleted,
  seen_until_at
FROM known
-- Never opened again, or its events were not fetched.
LEFT JOIN reopening
  ON reopening.desk = known.desk AND reopening.case_key = known.case_key
