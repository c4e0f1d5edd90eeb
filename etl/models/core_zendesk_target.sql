-- One row per response target that Zendesk set for a ticket: when it was kept or broken by $as_of, if it was.
WITH applied AS (
  SELECT
    desk,
    case_key,
    metric,
    instance,
    target_minutes,
    happened_at,
    ROW_NUMBER() OVER (PARTITION BY desk, case_key, metric, instance ORDER BY happened_at DESC, event_key DESC) AS place
  FROM core_zendesk_event
  WHERE kind IN ('apply_sla', 'apply_group_sla')
), happened AS (
  SELECT
    desk,
    case_key,
    metric,
    instance,
    MAX(CASE WHEN kind IN ('activate', 'pause') THEN happened_at END) AS running_at,
    MAX(CASE WHEN kind = 'fulfill' THEN happened_at END) AS fulfilled_at,
    MIN(CASE WHEN kind = 'breach' THEN happened_at END) AS breached_at
  FROM core_zendesk_event
  GROUP BY desk, case_key, metric, instance
), clock AS (
  SELECT
    *,
    -- A clock that runs on after it was stopped has not been kept within its target yet.
    CASE WHEN running_at > fulfilled_at THEN NULL ELSE fulfilled_at END AS kept_at
  FROM happened
)
SELECT
  applied.desk,
  applied.case_key,
  CASE applied.metric
    WHEN 'reply_time' THEN CASE WHEN applied.instance = 1 THEN 'first_response' ELSE 'next_response' END
    WHEN 'requester_wait_time' THEN 'waiting'
    WHEN 'agent_work_time' THEN 'work'
    WHEN 'resolution_time' THEN 'resolution'
    WHEN 'group_ownership_time' THEN 'group'
    ELSE 'update'
  END AS promise,
  applied.metric,
  applied.instance,
  kept_at,
  -- Zendesk dates a breach ahead: what was kept before it is no breach.
  CASE WHEN kept_at < breached_at THEN NULL ELSE breached_at END AS broken_at
FROM applied
JOIN clock
  ON clock.desk = applied.desk
  AND clock.case_key = applied.case_key
  AND clock.metric = applied.metric
  AND clock.instance = applied.instance
-- The last word on the target counts; one without minutes takes it away.
WHERE applied.place = 1 AND NOT applied.target_minutes IS NULL
