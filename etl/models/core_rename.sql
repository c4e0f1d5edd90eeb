-- One row per name that an account has given up and the time in which it had it, with the name that it has now. It takes
-- every rename that is known, also those after $as_of: who an account is does not depend on when it is looked at.
WITH RECURSIVE told AS (
  SELECT wiki, log_id, occurred_at, old_name_key, new_name_key
  FROM raw_mediawiki_logging
  WHERE log_type = 'renameuser' AND old_name_key IS NOT NULL
  UNION
  SELECT wiki, log_id, occurred_at, old_name_key, new_name_key
  FROM raw_mediawiki_api_log
  WHERE log_type = 'renameuser' AND old_name_key IS NOT NULL
  UNION
  SELECT wiki, log_id, occurred_at, old_name_key, new_name_key
  FROM raw_mediawiki_stream_log
  WHERE log_type = 'renameuser' AND old_name_key IS NOT NULL
), step AS (
  SELECT
    *,
    -- The same name may have been given up before, by another account.
    LAG(occurred_at) OVER (PARTITION BY wiki, old_name_key ORDER BY occurred_at, log_id) AS free_since_at
  FROM told
), course AS (
  SELECT
    wiki,
    old_name_key AS name_key,
    free_since_at AS starts_at,
    occurred_at AS ends_at,
    log_id,
    new_name_key AS account_key,
    occurred_at AS renamed_at,
    log_id AS last_log_id
  FROM step
  UNION ALL
  SELECT
    course.wiki,
    course.name_key,
    course.starts_at,
    course.ends_at,
    course.log_id,
    step.new_name_key AS account_key,
    step.occurred_at AS renamed_at,
    step.log_id AS last_log_id
  FROM course
  INNER JOIN step
    ON step.wiki = course.wiki
    AND step.old_name_key = course.account_key
    AND step.log_id > course.last_log_id
    AND step.occurred_at >= course.renamed_at
    AND COALESCE(step.free_since_at <= course.renamed_at, TRUE)
), ranked AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY wiki, log_id ORDER BY renamed_at DESC, last_log_id DESC) AS place
  FROM course
)
SELECT
  wiki,
  log_id,
  name_key,
  starts_at,
  ends_at,
  account_key
FROM ranked
WHERE place = 1
