-- One row per change of somebody's block that the event stream told of before $as_of, held against the log. Names are those
-- that accounts have now, as in the log.
WITH change_copy AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY wiki, event_id ORDER BY occurred_at, _file, line) AS copy_number
  FROM raw_mediawiki_stream_block_change
  WHERE occurred_at < $as_of
), told AS (
  SELECT
    change_copy.wiki,
    change_copy.event_id,
    change_copy.occurred_at,
    change_copy.target_kind,
    change_copy.performer_kind,
    change_copy.change,
    change_copy.is_sitewide,
    change_copy.expires_at,
    change_copy.is_indefinite,
    change_copy.prior_is_sitewide,
    change_copy.prior_expires_at,
    change_copy.prior_is_indefinite,
    COALESCE(renamed.account_key, change_copy.target_key) AS target_key
  FROM change_copy
  -- a missing partner: the account is still called so
  LEFT JOIN core_rename AS renamed
    ON renamed.wiki = change_copy.wiki
    AND renamed.name_key = change_copy.target_key
    AND change_copy.occurred_at < renamed.ends_at
    AND COALESCE(renamed.starts_at <= change_copy.occurred_at, TRUE)
  WHERE change_copy.copy_number = 1
), in_log AS (
  SELECT told.wiki, told.event_id
  FROM told
  JOIN core_log_item AS item
    ON item.wiki = told.wiki
    AND item.target_key = told.target_key
    AND item.log_type = 'block'
    AND item.occurred_at > told.occurred_at - INTERVAL '2' MINUTE
    AND item.occurred_at < told.occurred_at + INTERVAL '2' MINUTE
  UNION
  SELECT told.wiki, told.event_id
  FROM told
  JOIN core_log_item AS item
    ON item.wiki = told.wiki
    AND item.is_action_hidden
    AND item.log_type IN ('block', 'suppress')
    AND item.occurred_at > told.occurred_at - INTERVAL '2' MINUTE
    AND item.occurred_at < told.occurred_at + INTERVAL '2' MINUTE
)
SELECT
  told.wiki,
  told.event_id,
  told.occurred_at,
  told.target_key,
  told.target_kind,
  told.performer_kind,
  told.change,
  told.is_sitewide,
  told.expires_at,
  told.is_indefinite,
  told.prior_is_sitewide,
  told.prior_expires_at,
  told.prior_is_indefinite,
  in_log.event_id IS NOT NULL AS has_log_item
FROM told
-- a missing partner: no item of the log tells of it
LEFT JOIN in_log
  ON in_log.wiki = told.wiki AND in_log.event_id = told.event_id
