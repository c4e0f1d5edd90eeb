-- One row per edit that a participant added to an event of CampaignEvents and that still counts: by the newest file that has
-- the event, made before $as_of, not deleted, of a person who is still a participant.
WITH seen AS (
  SELECT
    *,
    COALESCE(told_until_on, CAST('2001-01-01' AS DATE)) AS until_on,
    MAX(edited_at) OVER (PARTITION BY event, _file) AS seen_until_at
  FROM raw_events_contribution
), placed AS (
  SELECT
    *,
    FIRST_VALUE(_file) OVER (PARTITION BY event ORDER BY until_on DESC, seen_until_at DESC, _file DESC) AS newest_file,
    ROW_NUMBER() OVER (
      PARTITION BY event, _file, COALESCE(contribution, CAST(line AS VARCHAR)) ORDER BY line DESC
    ) AS place
  FROM seen
)
SELECT
  placed.event,
  placed.participant_key,
  placed.wiki,
  placed.edited_at,
  placed.bytes_delta,
  placed.links_delta,
  placed.references_delta
FROM placed
INNER JOIN core_event_participant
  ON core_event_participant.platform = 'campaign_events'
  AND core_event_participant.event = placed.event
  AND core_event_participant.participant_key = placed.participant_key
WHERE placed._file = placed.newest_file
  AND placed.place = 1
  AND placed.edited_at < $as_of
  AND NOT placed.is_deleted
