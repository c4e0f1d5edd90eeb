-- One row per log item of a wiki, known before $as_of. The same item can stand in several files and answers: a copy made
-- for a suppressor goes before one for the public, and of equal views the copy with the most hidden parts counts, since a
-- later one hides more, and what was hidden is to stay hidden. What else decides is in the copies themselves, so that
-- neither files nor the order in which they came do. Names are those that accounts have now.
WITH dump AS (
  -- A rename rewrites names in all of the log. A dump is at least as young as its newest item.
  SELECT _file, MAX(occurred_at) AS seen_at
  FROM raw_mediawiki_logging
  GROUP BY _file
), item_copy AS (
  SELECT
    item.wiki, item.log_id, item.occurred_at, item.log_type, item.log_action, item.performer_key, item.performer_kind,
    item.target_key, item.target_kind, item.is_action_hidden, item.is_performer_hidden, item.is_comment_hidden,
    item.has_comment, item.reason_class, item.duration_text, item.expires_at, item.is_indefinite, item.flags,
    item.is_sitewide, item.restricted_page_count, item.restricted_namespaces, item.restricted_actions, item.block_id,
    item.target_count, dump.seen_at, 'public' AS view
  FROM raw_mediawiki_logging AS item
  INNER JOIN dump
    ON dump._file = item._file
  UNION ALL
  SELECT
    wiki, log_id, occurred_at, log_type, log_action, performer_key, performer_kind, target_key, target_kind,
    is_action_hidden, is_performer_hidden, is_comment_hidden, has_comment, reason_class, duration_text, expires_at,
    is_indefinite, flags, is_sitewide, restricted_page_count, restricted_namespaces, restricted_actions, block_id,
    target_count,
    -- Some minutes for a wiki that is still busy with a rename, but never before the item itself.
    GREATEST(occurred_at, retrieved_at - INTERVAL '10' MINUTE) AS seen_at, view
  FROM raw_mediawiki_api_log
  UNION ALL
  SELECT
    wiki, log_id, occurred_at, log_type, log_action, performer_key, performer_kind, target_key, target_kind,
    is_action_hidden, is_performer_hidden, is_comment_hidden, has_comment, reason_class, duration_text, expires_at,
    is_indefinite, flags, is_sitewide, restricted_page_count, restricted_namespaces, restricted_actions, block_id,
    target_count, occurred_at AS seen_at, 'public' AS view
  FROM raw_mediawiki_stream_log
), item AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY wiki, log_id
      ORDER BY
        view DESC,
        CAST(is_action_hidden AS INTEGER) + CAST(is_performer_hidden AS INTEGER) + CAST(is_comment_hidden AS INTEGER) DESC,
        is_action_hidden, is_performer_hidden, reason_class, performer_kind, flags, expires_at, duration_text,
        seen_at DESC, target_key, performer_key
    ) AS place
  FROM item_copy
  WHERE occurred_at < $as_of
)
SELECT
  item.wiki, item.log_id, item.occurred_at, item.log_type, item.log_action,
  COALESCE(performer.account_key, item.performer_key) AS performer_key,
  CASE WHEN bot.user_key IS NOT NULL THEN 'bot' ELSE item.performer_kind END AS performer_kind,
  COALESCE(target.account_key, item.target_key) AS target_key,
  item.target_kind, item.is_action_hidden, item.is_performer_hidden, item.is_comment_hidden, item.has_comment,
  item.reason_class,
  CASE WHEN item.is_indefinite THEN 'infinity' ELSE item.duration_text END AS duration_text,
  item.expires_at, item.is_indefinite, item.flags, item.is_sitewide, item.restricted_page_count,
  item.restricted_namespaces, item.restricted_actions, item.block_id, item.target_count
FROM item
-- A missing name: the account is still called so.
LEFT JOIN core_rename AS performer
  ON performer.wiki = item.wiki AND performer.name_key = item.performer_key
  AND item.seen_at < performer.ends_at AND COALESCE(performer.starts_at <= item.seen_at, TRUE)
LEFT JOIN core_rename AS target
  ON item.log_type <> 'renameuser' AND target.wiki = item.wiki AND target.name_key = item.target_key
  AND item.seen_at < target.ends_at AND COALESCE(target.starts_at <= item.seen_at, TRUE)
-- A missing bot: a person, or a bot that the wiki has in no group.
LEFT JOIN (SELECT DISTINCT wiki, user_key FROM raw_mediawiki_api_user WHERE is_bot) AS bot
  ON bot.wiki = item.wiki AND bot.user_key = COALESCE(performer.account_key, item.performer_key)
WHERE item.place = 1
