-- One row per row of a sheet and number in it: of several files that tell of a row the newest counts, also where it says
-- nothing any more; a row is told by its key, or where the sheet has none, by its period.
WITH told AS (
  SELECT
    *,
    MAX(place) OVER (PARTITION BY sheet, row_key) AS newest_place
  FROM raw_spreadsheet
)
SELECT
  sheet,
  row_key,
  line,
  measure,
  unit,
  over_time,
  span,
  CAST(starts_on AS TIMESTAMP) AS starts_at,
  CAST(ends_on AS TIMESTAMP) AS ends_at,
  wiki,
  group_name,
  value
FROM told
-- A period that is not over is not counted yet; an empty cell is no number.
WHERE place = newest_place AND ends_on < $as_of AND NOT value IS NULL
