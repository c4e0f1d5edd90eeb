-- One row per report, thing counted, kind and period: of several files the one that tells until later counts, then the one
-- with the latest period, then its hash; in a file the last row.
WITH seen AS (
  SELECT
    *,
    COALESCE(told_until_on, CAST('2001-01-01' AS DATE)) AS until_on,
    MAX(ends_on) OVER (PARTITION BY report, _file) AS seen_until_on
  FROM raw_transparency_count
), newest AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY report, measure, kind, starts_on, ends_on
      ORDER BY until_on DESC, seen_until_on DESC, _file DESC, line DESC
    ) AS place
  FROM seen
)
SELECT
  report,
  measure,
  kind,
  is_total,
  CAST(starts_on AS TIMESTAMP) AS starts_at,
  CAST(ends_on AS TIMESTAMP) AS ends_at,
  value,
  counted
FROM newest
WHERE place = 1 AND ends_on < $as_of
