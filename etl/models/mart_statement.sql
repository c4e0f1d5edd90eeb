-- One row per statement of reasons, by the day on which its decision was applied.
SELECT
  applied_at,
  platform,
  category,
  ground,
  source,
  action,
  automation,
  is_detected_automatically,
  automation = 'fully' AS is_decided_automatically,
  -- From the day of posting: how old the content was. When anybody was told of it the database does not say.
  CAST(DATE_DIFF('day', posted_at, applied_at) AS DOUBLE) AS content_age_days
FROM core_statement
