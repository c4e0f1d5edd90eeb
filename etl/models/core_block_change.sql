-- One row per change of somebody's block that the event stream told of before $as_of, held against the log.
WITH change_copy AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY wiki, event_id ORDER BY occurred_at, _file, line) AS copy_number
  FROM raw_mediawiki_stream_block_change
  WHERE occurred_at < $as_of
), told AS (
  SELECT * FROM change_copy WHERE copy_number = 1
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
