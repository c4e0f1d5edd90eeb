-- One row per event and person who takes part in it by a list: of several files the one that tells until later shows the
-- whole list, then the one that has seen the latest event, then its hash. Whoever left before $as_of is no participant.
WITH seen AS (
  SELECT
    *,
    COALESCE(told_until_on, CAST('2001-01-01' AS DATE)) AS until_on,
    MAX(GREATEST(registered_at, COALESCE(left_at, registered_at))) OVER (PARTITION BY platform, event, _file) AS seen_until_at
  FROM raw_events_participant
), placed AS (
  SELECT
    *,
    FIRST_VALUE(_file) OVER (
      PARTITION BY platform, event ORDER BY until_on DESC, seen_until_at DESC, _file DESC
    ) AS newest_file,
    ROW_NUMBER() OVER (PARTITION BY platform, event, participant_key, _file ORDER BY registered_at DESC, line DESC) AS place
  FROM seen
)
SELECT
  placed.platform,
  placed.event,
  placed.participant_key,
  placed.registered_at,
  placed.is_new,
  placed.completed_modules,
  placed.assigned_modules
FROM placed
INNER JOIN core_event
  ON core_event.platform = placed.platform AND core_event.event = placed.event
WHERE placed._file = placed.newest_file
  AND placed.place = 1
  AND placed.registered_at < $as_of
  AND (placed.left_at IS NULL OR placed.left_at >= $as_of)
