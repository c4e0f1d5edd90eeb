-- One row per event that began before $as_of, with what it did as far as its platform counts it (empty is not 0).
WITH listed AS (
  SELECT
    platform, event, COUNT(*) AS participants, COUNT(is_new) AS told_new, SUM(CASE WHEN is_new THEN 1 ELSE 0 END) AS new_editors
  FROM core_event_participant
  GROUP BY platform, event
), contributed AS (
  SELECT event, COUNT(*) AS edits, SUM(bytes_delta) AS bytes_added, SUM(references_delta) AS references_added
  FROM core_event_contribution
  GROUP BY event
)
SELECT
  core_event.starts_at AS started_at,
  core_event.ends_at AS ended_at,
  core_event.platform,
  core_event.wiki,
  COALESCE(core_event.cohort, 'unknown') AS cohort,
  COALESCE(core_event.format, 'unknown') AS format,
  core_event.event,
  core_event.ends_at < $as_of AS is_over,
  -- Neither counted nor listed (no partner): nobody knows how many took part.
  CAST(COALESCE(core_event.participants, listed.participants) AS BIGINT) AS participants,
  CAST(COALESCE(core_event.new_editors, CASE WHEN listed.told_new > 0 THEN listed.new_editors END) AS BIGINT) AS new_editors,
  core_event.articles_edited,
  core_event.articles_created,
  CAST(COALESCE(core_event.edits, contributed.edits) AS BIGINT) AS edits,
  CAST(COALESCE(core_event.bytes_added, contributed.bytes_added) AS BIGINT) AS bytes_added,
  CAST(COALESCE(core_event.references_added, contributed.references_added) AS BIGINT) AS references_added
FROM core_event
LEFT JOIN listed
  ON listed.platform = core_event.platform AND listed.event = core_event.event
LEFT JOIN contributed  -- no partner: an event whose edits nobody counts here
  ON core_event.platform = 'campaign_events' AND contributed.event = core_event.event
