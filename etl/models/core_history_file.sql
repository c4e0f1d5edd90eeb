-- One row per file of the newest snapshot of each wiki, with from when to when the snapshot tells what happened, the end
-- not included. Snapshots are never mixed: the rows of other files do not count.
WITH newest AS (
  SELECT
    wiki,
    MAX(snapshot) AS snapshot
  FROM raw_mediawiki_history_day
  WHERE day_at < $as_of
  GROUP BY wiki
), file AS (
  SELECT
    day.wiki,
    day.snapshot,
    day.bucket,
    day._file AS file_sha256,
    MIN(day.day_at) AS first_at,
    MAX(day.day_at) AS last_at
  FROM newest
  JOIN raw_mediawiki_history_day AS day
    ON day.wiki = newest.wiki AND day.snapshot = newest.snapshot
  GROUP BY day.wiki, day.snapshot, day.bucket, day._file
)
SELECT
  wiki,
  snapshot,
  bucket,
  file_sha256,
  MIN(first_at) OVER (PARTITION BY wiki) AS known_from_at,
  LEAST(MAX(last_at) OVER (PARTITION BY wiki) + INTERVAL '1' DAY, CAST($as_of AS TIMESTAMP)) AS known_until_at
FROM file
