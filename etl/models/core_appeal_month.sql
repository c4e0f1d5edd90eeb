-- One row per body, month and thing that it counts: of several files the one that tells until later counts, then the one that
-- has the latest month, then its hash; in a file the last row.
WITH seen AS (
  SELECT
    *,
    COALESCE(told_until_on, CAST('2001-01-01' AS DATE)) AS until_on,
    MAX(month_on) OVER (PARTITION BY body, _file) AS seen_until_on
  FROM raw_appeals_month
), newest AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY body, month_on, measure ORDER BY until_on DESC, seen_until_on DESC, _file DESC, line DESC
    ) AS place
  FROM seen
)
SELECT
  body,
  CAST(month_on AS TIMESTAMP) AS month_at,
  measure,
  appeals
FROM newest
WHERE place = 1 AND month_on < $as_of
