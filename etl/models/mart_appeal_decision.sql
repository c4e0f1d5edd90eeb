-- One row per appeal decided, by the day or, where only months are counted, the first day of the month of the decision.
WITH decision AS (
  SELECT
    decided_at,
    body,
    outcome,
    CAST(DATE_DIFF('day', received_at, decided_at) AS DOUBLE) AS days_to_decision
  FROM core_appeal
  WHERE NOT decided_at IS NULL
  UNION ALL
  SELECT
    core_appeal_month.month_at,
    core_appeal_month.body,
    core_appeal_month.measure,
    NULL
  FROM core_appeal_month
  INNER JOIN core_number
    ON core_number.number <= core_appeal_month.appeals
  WHERE core_appeal_month.measure <> 'received'
)
SELECT
  decided_at,
  body,
  outcome,
  outcome IN ('ratified', 'overturned', 'remanded') AS is_eligible,
  days_to_decision
FROM decision
