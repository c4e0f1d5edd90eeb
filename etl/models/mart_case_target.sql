-- One row per response target of a help-desk case: promised, and kept, broken or not decided yet.
SELECT
  opened_at,
  decided_at,
  promise,
  is_kept,
  queue,
  channel,
  priority,
  language,
  CASE WHEN is_emergency THEN 'emergency' ELSE 'ordinary' END AS urgency
FROM core_case_target
-- A target of a ticket that was deleted, or that was not fetched, is nobody's.
JOIN core_case
  USING (desk, case_key)
