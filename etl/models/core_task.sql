-- One row per tracker and task, as it stood at $as_of: its last copy, with the state that its history tells.
WITH newest AS (
  SELECT
    *,
    COALESCE(updated_at, closed_at, opened_at) AS told_at,
    ROW_NUMBER() OVER (
      PARTITION BY tracker, task_key
      ORDER BY COALESCE(updated_at, closed_at, opened_at) DESC, tells_tags DESC, _file DESC, line DESC
    ) AS place
  FROM raw_phabricator_task
), joined AS (
  SELECT
    newest.*,
    history.status AS history_status,
    history.state AS history_state,
    history.closed_at AS history_closed_at,
    tag.project AS tag_project,
    tag.milestone AS tag_milestone,
    -- A copy that knows more than the history goes before it, as far as it lies before $as_of.
    NOT history.state IS NULL
    AND (history.state = newest.state OR history.changed_at > newest.told_at OR newest.told_at >= $as_of)
    AS is_told_by_history
  FROM newest
  -- Without history, or without tags that fit a rule.
  LEFT JOIN core_task_change AS history
    ON history.tracker = newest.tracker AND history.task_key = newest.task_key
  LEFT JOIN core_task_tag AS tag
    ON tag.tracker = newest.tracker AND tag.task_key = newest.task_key
  WHERE newest.place = 1 AND newest.opened_at < $as_of
), known AS (
  SELECT
    *,
    CASE
      WHEN is_told_by_history THEN history_state
      WHEN closed_at >= $as_of THEN 'open'
      ELSE state
    END AS known_state
  FROM joined
)
SELECT
  tracker,
  task_key,
  owner_key,
  title,
  COALESCE(tag_project, project) AS project,
  COALESCE(tag_milestone, milestone) AS milestone,
  priority,
  CASE
    WHEN is_told_by_history THEN history_status
    ELSE status
  END AS status,
  known_state AS state,
  opened_at,
  CASE
    WHEN known_state = 'open' THEN NULL
    WHEN is_told_by_history THEN history_closed_at
    ELSE closed_at
  END AS closed_at,
  due_at
FROM known
