-- One row per escalation raised before $as_of; answered on or after it, an escalation still waits.
WITH known AS (
  SELECT
    escalation,
    title,
    to_role,
    CAST(raised_on AS TIMESTAMP) AS raised_at,
    CASE WHEN CAST(answered_on AS TIMESTAMP) < $as_of THEN CAST(answered_on AS TIMESTAMP) END AS answered_at
  FROM raw_plan_escalation
  WHERE CAST(raised_on AS TIMESTAMP) < $as_of
)
SELECT
  escalation,
  title,
  to_role,
  raised_at,
  answered_at,
  answered_at IS NOT NULL AS is_answered,
  CAST(DATE_DIFF('second', raised_at, COALESCE(answered_at, $as_of)) AS DOUBLE) / 86400 AS waiting_days
FROM known
