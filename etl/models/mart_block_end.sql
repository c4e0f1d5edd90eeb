-- One row per block that was set and has ended, by expiry or by unblock. A superseded block goes on in the next one.
WITH moment AS (
  SELECT wiki, target_key, log_id, set_at AS moment_at, 0 AS is_end
  FROM core_block
  WHERE is_start_known AND target_key IS NOT NULL
  UNION ALL
  SELECT wiki, target_key, log_id, ended_at AS moment_at, 1 AS is_end
  FROM core_block
  WHERE is_start_known AND ended_by IN ('expiry', 'unblock')
), followed AS (
  SELECT
    wiki,
    log_id,
    is_end,
    -- A block set in the same second in which this one ended comes after it, its own beginning before.
    MIN(CASE WHEN is_end = 0 THEN moment_at END) OVER (
      PARTITION BY wiki, target_key ORDER BY moment_at, log_id, is_end ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING
    ) AS blocked_again_at
  FROM moment
), block_end AS (
  SELECT
    block.*,
    COALESCE(followed.blocked_again_at < block.ended_at + INTERVAL '30' DAY, FALSE) AS reblocked_within_30d,
    COALESCE(followed.blocked_again_at < block.ended_at + INTERVAL '90' DAY, FALSE) AS reblocked_within_90d
  FROM core_block AS block
  INNER JOIN followed
    ON followed.wiki = block.wiki AND followed.log_id = block.log_id AND followed.is_end = 1
)
SELECT
  wiki,
  ended_at,
  scope,
  target_kind,
  performer_kind,
  duration_class,
  reason_class,
  ended_by,
  reblocked_within_30d,
  reblocked_within_90d,
  scope = 'sitewide' AND NOT is_indefinite AS is_temporary_sitewide,
  NOT was_extended AND NOT was_widened AND NOT reblocked_within_30d AS is_held
FROM block_end
