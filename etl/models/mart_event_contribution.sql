-- One row per edit that a participant added to an event of CampaignEvents.
SELECT
  contribution.edited_at,
  contribution.wiki,
  COALESCE(core_event.format, 'unknown') AS format,
  contribution.event,
  CAST(contribution.bytes_delta AS DOUBLE) AS bytes_delta,
  CAST(contribution.links_delta AS DOUBLE) AS links_delta,
  CAST(contribution.references_delta AS DOUBLE) AS references_delta
FROM core_event_contribution AS contribution
INNER JOIN core_event
  ON core_event.platform = 'campaign_events' AND core_event.event = contribution.event
