-- One row per event and participant: of a course that the Dashboard counts as many rows as it counts, else those of the list.
WITH counted AS (
  SELECT
    core_event.platform,
    core_event.event,
    -- Which of the rows is new or trained says nothing: only how many of them are.
    CASE WHEN NOT core_event.new_editors IS NULL THEN core_number.number <= core_event.new_editors END AS is_new,
    CASE WHEN NOT core_event.trained IS NULL THEN core_number.number <= core_event.trained END AS is_trained
  FROM core_event
  INNER JOIN core_number
    ON core_number.number <= core_event.participants
), listed AS (
  SELECT
    participant.platform,
    participant.event,
    participant.is_new,
    -- Whoever was given no training cannot have left one undone: neither trained nor untrained.
    CASE
      WHEN participant.assigned_modules > 0 THEN participant.completed_modules >= participant.assigned_modules
    END AS is_trained
  FROM core_event_participant AS participant
  INNER JOIN core_event
    ON core_event.platform = participant.platform AND core_event.event = participant.event
  WHERE core_event.participants IS NULL
), participant AS (
  SELECT platform, event, is_new, is_trained FROM counted
  UNION ALL
  SELECT platform, event, is_new, is_trained FROM listed
)
SELECT
  core_event.starts_at AS started_at,
  core_event.platform,
  core_event.wiki,
  COALESCE(core_event.cohort, 'unknown') AS cohort,
  COALESCE(core_event.format, 'unknown') AS format,
  core_event.event,
  participant.is_new,
  participant.is_trained
FROM participant
INNER JOIN core_event
  ON core_event.platform = participant.platform AND core_event.event = participant.event
