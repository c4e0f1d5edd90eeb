-- One row per appeal received, by the day or, where only months are counted, the first day of the month of its receipt.
SELECT
  received_at,
  body
FROM core_appeal
UNION ALL
SELECT
  core_appeal_month.month_at AS received_at,
  core_appeal_month.body
FROM core_appeal_month
INNER JOIN core_number
  ON core_number.number <= core_appeal_month.appeals
WHERE core_appeal_month.measure = 'received'
