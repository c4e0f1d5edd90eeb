-- One row per event of the report form that was received before $as_of, however often it was delivered; bots are left out.
WITH delivered AS (
  SELECT
    event_key,
    wiki,
    received_at,
    action,
    source,
    subtype,
    funnel_key,
    funnel_kind,
    position,
    incident_type,
    harm,
    behaviour,
    edit_bucket,
    sample_rate,
    ROW_NUMBER() OVER (
      PARTITION BY event_key
      ORDER BY received_at, wiki, action, source, subtype, position, funnel_key, behaviour
    ) AS delivery
  FROM raw_incident_reports
  WHERE received_at < $as_of AND NOT COALESCE(is_bot, FALSE)
)
SELECT
  event_key,
  wiki,
  received_at,
  action,
  source,
  subtype,
  funnel_key,
  funnel_kind,
  position,
  incident_type,
  harm,
  behaviour,
  edit_bucket,
  sample_rate
FROM delivered
WHERE delivery = 1
