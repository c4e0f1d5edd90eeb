-- One row per time for which a user was in the group sysop, by the changes of groups that the newest snapshot tells of.
WITH told AS (
  SELECT
    event.wiki,
    event.target_key AS admin_key,
    event.occurred_at,
    event._file,
    event.line,
    CONCAT('|', COALESCE(event.target_groups, ''), '|') LIKE '%|sysop|%' AS is_admin
  FROM raw_mediawiki_history AS event
  JOIN core_history_file AS file
    ON file.wiki = event.wiki AND file.file_sha256 = event._file
  WHERE event.entity = 'user'
    AND event.event_type = 'altergroups'
    AND event.target_key IS NOT NULL
    AND event.occurred_at < file.known_until_at
), changed AS (
  SELECT
    *,
    COALESCE(LAG(is_admin) OVER (PARTITION BY wiki, admin_key ORDER BY occurred_at, _file, line), FALSE) AS was_admin
  FROM told
), turned AS (
  SELECT
    *,
    LEAD(occurred_at) OVER (PARTITION BY wiki, admin_key ORDER BY occurred_at, _file, line) AS next_at
  FROM changed
  WHERE is_admin <> was_admin
)
SELECT
  wiki,
  admin_key,
  occurred_at AS started_at,
  next_at AS ended_at
FROM turned
WHERE is_admin AND occurred_at < COALESCE(next_at, $as_of)
