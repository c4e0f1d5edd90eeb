-- One row per target that a wiki lists as blocked, or that its log leaves blocked at that moment. Left out are what the log
-- cannot have: autoblocks, hidden users, blocks older than what we know of the log; and lists that are not whole, or were
-- made when nothing is known yet.
WITH picture AS (
  SELECT wiki, MIN(retrieved_at) AS listed_at
  FROM raw_mediawiki_api_block
  GROUP BY wiki
  HAVING MIN(CAST(has_more AS INTEGER)) = 0 AND MIN(retrieved_at) < $as_of
), log_span AS (
  SELECT wiki, MIN(occurred_at) AS starts_at, MAX(occurred_at) AS ends_at
  FROM core_log_item
  WHERE log_type = 'block'
  GROUP BY wiki
), listed AS (
  SELECT
    block.wiki,
    COALESCE(rename.account_key, block.target_key) AS target_key,
    picture.listed_at
  FROM raw_mediawiki_api_block AS block
  INNER JOIN picture
    ON picture.wiki = block.wiki
  INNER JOIN log_span
    ON log_span.wiki = block.wiki
    AND block.set_at BETWEEN log_span.starts_at AND log_span.ends_at
  -- A missing rename: the account is still called so.
  LEFT JOIN core_rename AS rename
    ON rename.wiki = block.wiki
    AND rename.name_key = block.target_key
    AND block.retrieved_at < rename.ends_at
    AND COALESCE(rename.starts_at <= block.retrieved_at, TRUE)
  WHERE NOT block.is_automatic AND NOT block.is_user_hidden
), logged AS (
  SELECT block.wiki, block.target_key, picture.listed_at
  FROM core_block AS block
  INNER JOIN picture
    ON picture.wiki = block.wiki
  WHERE block.scope <> 'hidden'
    AND NOT block.is_user_hidden
    AND block.set_at < picture.listed_at
    AND COALESCE(block.ended_at, block.expires_at, $as_of) > picture.listed_at
), told AS (
  SELECT wiki, target_key, listed_at, 1 AS is_listed, 0 AS is_logged
  FROM listed
  UNION ALL
  SELECT wiki, target_key, listed_at, 0 AS is_listed, 1 AS is_logged
  FROM logged
)
SELECT
  wiki,
  target_key,
  MIN(listed_at) AS listed_at,
  MAX(is_listed) = 1 AS is_listed,
  MAX(is_logged) = 1 AS is_logged
FROM told
GROUP BY wiki, target_key
