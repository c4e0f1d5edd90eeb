-- One row per task whose history is known: its state by $as_of, and since when it has been closed, if it is.
WITH change AS (
  SELECT DISTINCT
    tracker,
    task_key,
    change_key,
    happened_at,
    status,
    state,
    -- In one second a task is made before it is closed.
    state <> 'open' AS is_closing
  FROM raw_phabricator_change
  WHERE happened_at < $as_of
), placed AS (
  SELECT
    *,
    LAG(state) OVER (PARTITION BY tracker, task_key ORDER BY happened_at, is_closing, change_key) AS state_before,
    ROW_NUMBER() OVER (
      PARTITION BY tracker, task_key ORDER BY happened_at DESC, is_closing DESC, change_key DESC
    ) AS place
  FROM change
)
SELECT
  tracker,
  task_key,
  MAX(CASE WHEN place = 1 THEN status END) AS status,
  MAX(CASE WHEN place = 1 THEN state END) AS state,
  MAX(happened_at) AS changed_at,
  -- From one closed status to another it stays closed.
  MAX(CASE WHEN state <> 'open' AND COALESCE(state_before, 'open') = 'open' THEN happened_at END) AS closed_at
FROM placed
GROUP BY tracker, task_key
