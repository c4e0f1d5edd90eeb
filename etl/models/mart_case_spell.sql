-- One row per open spell of a case: from its opening to its resolution, and again from an opening after that.
WITH followed AS (
  SELECT
    *,
    -- A desk that never told of a resolution does not say that nothing was resolved: its stock is not known.
    COUNT(resolved_at) OVER (PARTITION BY desk) > 0 AS tells_resolutions
  FROM core_case
), known AS (
  SELECT
    opened_at,
    first_resolved_at,
    resolved_at,
    reopened_at,
    state,
    queue,
    channel,
    priority,
    language,
    CASE WHEN is_emergency THEN 'emergency' ELSE 'ordinary' END AS urgency
  FROM followed
  -- Of a closed case without a resolution nobody knows when it left the stock.
  WHERE tells_resolutions AND (state = 'open' OR NOT resolved_at IS NULL)
), spell AS (
  SELECT
    opened_at,
    -- Where the desk keeps the last resolution only, and that came after the reopening, the first was no later than it.
    CASE
      WHEN resolved_at IS NULL THEN reopened_at
      WHEN reopened_at < resolved_at THEN COALESCE(first_resolved_at, reopened_at)
      ELSE resolved_at
    END AS closed_at,
    FALSE AS is_reopening,
    queue,
    channel,
    priority,
    language,
    urgency
  FROM known
  UNION ALL
  SELECT
    reopened_at AS opened_at,
    CASE WHEN resolved_at > reopened_at THEN resolved_at END AS closed_at,
    TRUE AS is_reopening,
    queue,
    channel,
    priority,
    language,
    urgency
  FROM known
  -- Opened again, and not closed since at a time that nobody knows.
  WHERE NOT reopened_at IS NULL AND (state = 'open' OR resolved_at > reopened_at)
), aging AS (
  SELECT
    *,
    CASE
      WHEN opened_at + INTERVAL '30' DAY < COALESCE(closed_at, $as_of) THEN opened_at + INTERVAL '30' DAY
    END AS aged_30d_at
  FROM spell
)
SELECT
  opened_at,
  closed_at,
  is_reopening,
  aged_30d_at,
  CASE WHEN NOT aged_30d_at IS NULL THEN closed_at END AS aged_30d_until_at,
  queue,
  channel,
  priority,
  language,
  urgency
FROM aging
