-- One row per block spell: a block, the reblocks that change it, and its end. A block whose target is hidden is a spell
-- of its own: nothing can be matched to it, and its scope, duration and end are unknown.
WITH set_item AS (
  SELECT
    item.*,
    spell.expires_at AS last_expires_at,
    spell.ended_at,
    spell.ended_by,
    COALESCE(spell.is_start_known, TRUE) AS is_start_known,
    spell.reblock_count,
    spell.was_extended,
    spell.was_widened,
    spell.log_id IS NULL AS is_hidden,
    COALESCE(item.is_sitewide, TRUE) AS is_set_sitewide,
    DATE_DIFF('second', item.occurred_at, item.expires_at) / 86400.0 AS planned_days
  FROM core_log_item AS item
  -- A missing spell: the target of the block is hidden.
  LEFT JOIN core_block_spell AS spell
    ON spell.wiki = item.wiki AND spell.log_id = item.log_id
  WHERE spell.log_id IS NOT NULL
    OR (item.log_type = 'block' AND item.log_action = 'block' AND item.target_key IS NULL)
)
SELECT
  wiki,
  log_id,
  target_key,
  CASE WHEN is_hidden THEN 'hidden' ELSE target_kind END AS target_kind,
  performer_key,
  CASE WHEN performer_key IS NULL THEN 'hidden' ELSE COALESCE(performer_kind, 'hidden') END AS performer_kind,
  occurred_at AS set_at,
  expires_at AS first_expires_at,
  last_expires_at AS expires_at,
  ended_at,
  ended_by,
  CASE WHEN is_hidden THEN 'hidden' WHEN is_set_sitewide THEN 'sitewide' ELSE 'partial' END AS scope,
  CASE WHEN NOT is_hidden THEN NOT is_set_sitewide AND COALESCE(restricted_page_count, 0) > 0 END AS restricts_pages,
  CASE WHEN NOT is_hidden THEN NOT is_set_sitewide AND COALESCE(restricted_namespaces, '') <> '' END AS restricts_namespaces,
  CASE WHEN NOT is_hidden THEN NOT is_set_sitewide AND COALESCE(restricted_actions, '') <> '' END AS restricts_actions,
  CASE WHEN NOT is_hidden THEN is_indefinite END AS is_indefinite,
  is_start_known,
  reblock_count,
  was_extended,
  was_widened,
  CASE
    WHEN is_hidden THEN 'hidden'
    WHEN is_indefinite THEN 'indefinite'
    WHEN planned_days <= 1 THEN 'up_to_a_day'
    WHEN planned_days <= 7 THEN 'up_to_a_week'
    WHEN planned_days <= 31 THEN 'up_to_a_month'
    WHEN planned_days <= 366 THEN 'up_to_a_year'
    ELSE 'over_a_year'
  END AS duration_class,
  COALESCE(reason_class, 'hidden') AS reason_class,
  log_type = 'suppress' OR COALESCE(flags LIKE '%hiddenname%', FALSE) AS is_user_hidden
FROM set_item
