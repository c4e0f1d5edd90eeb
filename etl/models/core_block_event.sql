-- One row per log item that sets, changes or lifts a block of a target that is shown, with the spell it belongs to.
WITH item AS (
  SELECT
    *,
    -- The wiki counts one block of this target afterwards, so whatever was in force before is not any more.
    CAST(log_action = 'block' AND COALESCE(target_count, 1) <= 1 AS INTEGER) AS is_sole_block,
    -- Since MediaWiki 1.44 a target can have several blocks at once, told apart by number; line 0 has all the others,
    -- those too that were set before numbers were logged.
    CASE
      WHEN MAX(CAST(log_action = 'block' AS INTEGER)) OVER (PARTITION BY wiki, target_key, block_id) = 1
        THEN COALESCE(block_id, 0)
      ELSE 0
    END AS line_id
  FROM core_log_item
  WHERE log_type IN ('block', 'suppress')
    AND log_action IN ('block', 'reblock', 'unblock')
    AND target_key IS NOT NULL
    AND target_kind IN ('account', 'temporary_account', 'ipv4', 'ipv6', 'range')
), dated AS (
  SELECT
    *,
    SUM(is_sole_block) OVER (
      PARTITION BY wiki, target_key ORDER BY occurred_at, log_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS sole_block_count,
    MIN(CASE WHEN is_sole_block = 1 THEN occurred_at END) OVER (
      PARTITION BY wiki, target_key ORDER BY occurred_at, log_id ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    ) AS superseded_at
  FROM item
), neighbour AS (
  SELECT
    *,
    LAG(log_action) OVER line_order AS earlier_action,
    LAG(expires_at) OVER line_order AS earlier_expires_at,
    LAG(is_sitewide) OVER line_order AS earlier_is_sitewide,
    LAG(sole_block_count) OVER line_order AS earlier_sole_block_count,
    LEAD(log_action) OVER line_order AS later_action,
    LEAD(sole_block_count) OVER line_order AS later_sole_block_count,
    LEAD(occurred_at) OVER line_order AS later_at
  FROM dated
  WINDOW line_order AS (PARTITION BY wiki, target_key, line_id ORDER BY occurred_at, log_id)
), course AS (
  SELECT
    *,
    -- A reblock goes on with the spell only while that is in force; else it is the first that is known of a spell.
    log_action = 'reblock'
    AND COALESCE(earlier_action IN ('block', 'reblock'), FALSE)
    AND COALESCE(earlier_expires_at > occurred_at, TRUE)
    AND COALESCE(earlier_sole_block_count = sole_block_count, FALSE) AS is_change
  FROM neighbour
)
SELECT
  wiki,
  log_id,
  -- The first log item of the spell; none for an unblock of what the log does not know.
  LAST_VALUE(CASE WHEN log_action <> 'unblock' AND NOT is_change THEN log_id END IGNORE NULLS) OVER line_order AS spell_log_id,
  target_key,
  occurred_at,
  log_action,
  is_change,
  log_action <> 'unblock' AND NOT COALESCE(LEAD(is_change) OVER line_order, FALSE) AS is_last_state,
  is_change
  AND earlier_expires_at IS NOT NULL
  AND COALESCE(expires_at > earlier_expires_at, is_indefinite, FALSE) AS is_extension,
  is_change AND NOT COALESCE(earlier_is_sitewide, TRUE) AND COALESCE(is_sitewide, TRUE) AS is_widening,
  expires_at,
  CASE WHEN later_action = 'unblock' AND later_sole_block_count = sole_block_count THEN later_at END AS unblocked_at,
  superseded_at
FROM course
WINDOW line_order AS (PARTITION BY wiki, target_key, line_id ORDER BY occurred_at, log_id)
