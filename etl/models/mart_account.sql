-- One row per new account; temporary accounts are none, and an account moved here by a rename of old is not new.
SELECT
  wiki,
  occurred_at AS registered_at,
  CASE
    WHEN log_action IN ('create', 'newusers') THEN 'self_made'
    WHEN log_action IN ('create2', 'byemail') THEN 'made_by_other'
    ELSE 'automatic'
  END AS account_kind
FROM core_log_item
WHERE log_type = 'newusers'
  AND log_action IN ('create', 'newusers', 'create2', 'byemail', 'autocreate', 'forcecreatelocal')
  AND COALESCE(target_kind, 'hidden') <> 'temporary_account'
