-- One row per block spell whose target is shown, under the first log item of it: what changed and how it ended.
WITH spell AS (
  SELECT
    wiki,
    spell_log_id AS log_id,
    MAX(CASE WHEN log_id = spell_log_id THEN log_action END) AS first_action,
    SUM(CAST(is_change AS INTEGER)) AS reblock_count,
    SUM(CAST(is_extension AS INTEGER)) AS extension_count,
    SUM(CAST(is_widening AS INTEGER)) AS widening_count,
    -- A spell has one last state, so MAX only picks it.
    MAX(CASE WHEN is_last_state THEN expires_at END) AS expires_at,
    -- An expiry before its own log item would be a slip in the log: such a state ends at once.
    MAX(CASE WHEN is_last_state AND expires_at < $as_of THEN GREATEST(expires_at, occurred_at) END) AS expired_at,
    MAX(CASE WHEN is_last_state THEN unblocked_at END) AS unblocked_at,
    MAX(CASE WHEN is_last_state THEN superseded_at END) AS superseded_at
  FROM core_block_event
  WHERE spell_log_id IS NOT NULL
  GROUP BY wiki, spell_log_id
), ending AS (
  SELECT
    *,
    -- All that is known lies before $as_of, so this is $as_of only where the spell goes on.
    LEAST(
      COALESCE(expired_at, $as_of), COALESCE(unblocked_at, $as_of), COALESCE(superseded_at, $as_of)
    ) AS until_at
  FROM spell
)
SELECT
  wiki,
  log_id,
  first_action = 'block' AS is_start_known,
  CAST(reblock_count AS BIGINT) AS reblock_count,
  extension_count > 0 AS was_extended,
  widening_count > 0 AS was_widened,
  expires_at,
  CASE WHEN until_at < $as_of THEN until_at END AS ended_at,
  CASE
    WHEN until_at = expired_at THEN 'expiry'
    WHEN until_at = unblocked_at THEN 'unblock'
    WHEN until_at = superseded_at THEN 'superseded'
  END AS ended_by
FROM ending
