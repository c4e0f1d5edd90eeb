-- One row per task with a project or milestone by the settings' rules; of several rules the first that one of its tags fits counts.
WITH newest AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY tracker, task_key ORDER BY updated_at DESC, _file DESC, line DESC) AS place
  FROM raw_phabricator_task
  WHERE tells_tags
), tag AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY tracker, tag ORDER BY told_at DESC NULLS LAST, _file DESC, line DESC) AS place
  FROM raw_phabricator_tag
), fitting AS (
  SELECT
    newest.tracker,
    newest.task_key,
    tag.project,
    tag.milestone,
    ROW_NUMBER() OVER (
      PARTITION BY newest.tracker, newest.task_key ORDER BY tag.project IS NULL, tag.position, tag.project
    ) AS project_place,
    ROW_NUMBER() OVER (
      PARTITION BY newest.tracker, newest.task_key ORDER BY tag.milestone IS NULL, tag.position, tag.milestone
    ) AS milestone_place
  FROM newest
  JOIN raw_phabricator_task_tag AS has
    ON has.tracker = newest.tracker
    AND has.task_key = newest.task_key
    AND has._file = newest._file
    AND has.line = newest.line
  -- A tag that was never told of, or fits no rule, says nothing.
  JOIN tag
    ON tag.tracker = has.tracker AND tag.tag = has.tag AND tag.place = 1
  WHERE newest.place = 1
)
SELECT
  tracker,
  task_key,
  MAX(CASE WHEN project_place = 1 THEN project END) AS project,
  MAX(CASE WHEN milestone_place = 1 THEN milestone END) AS milestone
FROM fitting
GROUP BY tracker, task_key
