-- One row per help-desk case, with how long it waited: to what ended the waiting, or to $as_of while it goes on.
WITH kept AS (
  SELECT
    *,
    -- A desk that keeps only its last resolution tells that one.
    COALESCE(first_resolved_at, resolved_at) AS known_resolution_at
  FROM core_case
), waiting AS (
  SELECT
    *,
    -- A desk that never told of an answer does not say that nobody was answered; likewise of resolutions.
    COUNT(first_response_at) OVER (PARTITION BY desk) > 0 AS tells_answers,
    COUNT(resolved_at) OVER (PARTITION BY desk) > 0 AS tells_resolutions,
    COUNT(first_response_business_minutes) OVER (PARTITION BY desk) > 0
    AND (first_response_at IS NULL OR NOT first_response_business_minutes IS NULL) AS tells_business_hours,
    COALESCE(first_response_at, $as_of) AS waited_for_answer_until_at,
    CASE
      WHEN NOT known_resolution_at IS NULL THEN known_resolution_at
      WHEN state = 'open' THEN $as_of
    END AS waited_for_resolution_until_at
  FROM kept
)
SELECT
  opened_at,
  queue,
  channel,
  priority,
  language,
  CASE WHEN is_emergency THEN 'emergency' ELSE 'ordinary' END AS urgency,
  state,
  CAST(DATE_DIFF('second', opened_at, waited_for_answer_until_at) AS DOUBLE) / 3600 AS first_response_hours,
  CASE WHEN tells_answers THEN NOT first_response_at IS NULL END AS is_answered,
  first_response_business_minutes / 60 AS first_response_business_hours,
  tells_business_hours,
  CAST(DATE_DIFF('second', opened_at, waited_for_resolution_until_at) AS DOUBLE) / 3600 AS resolution_hours,
  CASE WHEN tells_resolutions THEN NOT resolved_at IS NULL END AS is_resolved,
  known_resolution_at AS resolved_at,
  CASE
    WHEN resolved_at IS NULL THEN NULL
    WHEN reopened_at IS NULL THEN FALSE
    -- True too where it was opened again before the one resolution that the desk kept: after one that it did not keep.
    ELSE reopened_at < known_resolution_at + INTERVAL '30' DAY
  END AS reopened_within_30d,
  CASE WHEN satisfaction IN ('good', 'bad') THEN satisfaction ELSE 'none' END AS satisfaction
FROM waiting
