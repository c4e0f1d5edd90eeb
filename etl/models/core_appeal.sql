-- One row per body and appeal of its list, as it stood at $as_of: of several files the one that tells until later counts, then
-- the one that has seen the latest day, then its hash; in a file the last row.
WITH seen AS (
  SELECT
    *,
    COALESCE(told_until_on, CAST('2001-01-01' AS DATE)) AS until_on,
    MAX(GREATEST(received_on, COALESCE(decided_on, received_on))) OVER (PARTITION BY body, _file) AS seen_until_on
  FROM raw_appeals_case
), newest AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY body, case_key ORDER BY until_on DESC, seen_until_on DESC, _file DESC, line DESC
    ) AS place
  FROM seen
)
SELECT
  body,
  case_key,
  CAST(received_on AS TIMESTAMP) AS received_at,
  CASE WHEN decided_on < $as_of THEN CAST(decided_on AS TIMESTAMP) END AS decided_at,
  -- A decision without a word for it is one all the same; a word without a day is none yet.
  CASE WHEN decided_on < $as_of THEN COALESCE(outcome, 'other') END AS outcome
FROM newest
WHERE place = 1 AND received_on < $as_of
