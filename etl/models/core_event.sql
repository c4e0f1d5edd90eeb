-- One row per event that began before $as_of: courses of the Dashboard, counted or only listed, and events of CampaignEvents
-- that were held. Of several files the one that tells until later counts, then the one that counts more, then its hash.
WITH course AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY event
      ORDER BY
        COALESCE(told_until_on, CAST('2001-01-01' AS DATE)) DESC, COALESCE(edits, 0) DESC, participants DESC, _file DESC, line DESC
    ) AS place
  FROM raw_events_course
), listed AS (
  -- A file about one course, whose days stand in the settings; they count where no course CSV has it.
  SELECT event, starts_at, ends_at FROM raw_events_participant WHERE platform = 'dashboard'
  UNION
  SELECT event, starts_at, ends_at FROM raw_events_retention
), told AS (
  SELECT event, MIN(starts_at) AS starts_at, MAX(ends_at) AS ends_at
  FROM listed
  WHERE NOT event IN (SELECT event FROM raw_events_course)
  GROUP BY event
), campaign AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY event
      ORDER BY
        COALESCE(told_until_on, CAST('2001-01-01' AS DATE)) DESC, COALESCE(deleted_at, starts_at) DESC, _file DESC, line DESC
    ) AS place
  FROM raw_events_event
), event AS (
  SELECT
    'dashboard' AS platform, event, wiki, cohort, CAST(NULL AS VARCHAR) AS format, starts_at, ends_at, participants,
    new_editors, CAST(ROUND(training_share * participants) AS BIGINT) AS trained, articles_edited, articles_created,
    bytes_added, references_added, edits
  FROM course
  WHERE place = 1
  UNION ALL
  SELECT 'dashboard', event, NULL, NULL, NULL, starts_at, ends_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM told
  UNION ALL
  SELECT 'campaign_events', event, wiki, NULL, format, starts_at, ends_at, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
  FROM campaign
  WHERE place = 1
    AND NOT is_test
    AND COALESCE(state, 'open') IN ('open', 'closed')
    AND (deleted_at IS NULL OR deleted_at >= $as_of)
)
SELECT
  platform,
  event,
  wiki,
  cohort,
  format,
  starts_at,
  ends_at,
  participants,
  new_editors,
  trained,
  articles_edited,
  articles_created,
  bytes_added,
  references_added,
  edits
FROM event
WHERE starts_at < $as_of
