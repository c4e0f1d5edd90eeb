-- One row per thanks that one person gave another in public.
SELECT
  wiki,
  occurred_at AS thanked_at
FROM core_log_item
WHERE log_type = 'thanks' AND log_action = 'thank'
