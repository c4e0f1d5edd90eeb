-- One row per block that was set, as it stood at $as_of. A spell known only from a later change is not here.
WITH block AS (
  SELECT
    *,
    DATE_TRUNC('month', set_at) AS month_at
  FROM core_block
  WHERE is_start_known
), performer AS (
  SELECT
    wiki,
    month_at,
    performer_key,
    COUNT(*) AS block_count,
    MIN(set_at) AS first_set_at,
    MIN(log_id) AS first_log_id
  FROM block
  WHERE performer_kind = 'person' AND performer_key IS NOT NULL
  GROUP BY wiki, month_at, performer_key
), ranked AS (
  SELECT
    wiki,
    month_at,
    performer_key,
    ROW_NUMBER() OVER (
      PARTITION BY wiki, month_at ORDER BY block_count DESC, first_set_at, first_log_id
    ) AS performer_rank
  FROM performer
)
SELECT
  block.wiki,
  block.set_at,
  block.ended_at,
  block.scope,
  block.target_kind,
  block.performer_kind,
  block.duration_class,
  block.reason_class,
  CASE WHEN block.scope <> 'hidden' THEN block.scope = 'partial' END AS is_partial,
  block.is_indefinite,
  CASE WHEN block.scope <> 'hidden' THEN COALESCE(block.ended_by = 'unblock', FALSE) END AS is_reversed,
  CASE WHEN block.scope <> 'hidden' THEN block.ended_at IS NOT NULL END AS has_ended,
  CASE
    WHEN block.scope <> 'hidden'
      THEN DATE_DIFF('second', block.set_at, COALESCE(block.ended_at, $as_of)) / 3600.0
  END AS block_hours,
  ranked.performer_rank
FROM block
-- A missing rank: the performer is a bot or hidden.
LEFT JOIN ranked
  ON block.performer_kind = 'person'
  AND ranked.wiki = block.wiki
  AND ranked.month_at = block.month_at
  AND ranked.performer_key = block.performer_key
