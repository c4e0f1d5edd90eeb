-- One row per decision asked for before $as_of; taken on or after it, a decision is still open and has no outcome.
WITH known AS (
  SELECT
    decision,
    question,
    owner,
    CAST(asked_on AS TIMESTAMP) AS asked_at,
    needed_by,
    CASE WHEN CAST(decided_on AS TIMESTAMP) < $as_of THEN CAST(decided_on AS TIMESTAMP) END AS decided_at,
    outcome
  FROM raw_plan_decision
  WHERE CAST(asked_on AS TIMESTAMP) < $as_of
)
SELECT
  decision,
  question,
  owner,
  asked_at,
  needed_by,
  decided_at,
  CASE WHEN decided_at IS NOT NULL THEN outcome END AS outcome,
  decided_at IS NOT NULL AS is_decided,
  CAST(DATE_DIFF('second', asked_at, COALESCE(decided_at, $as_of)) AS DOUBLE) / 86400 AS waiting_days
FROM known
