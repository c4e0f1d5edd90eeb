-- One row per month and measure as the newest file has it (the one with the latest month, then its hash), with what may still
-- move: the newest month, retention until 60 days after its month, and figures that another file had differently.
WITH seen AS (
  SELECT
    *,
    MAX(month_on) OVER (PARTITION BY _file) AS seen_until_on,
    MIN(value) OVER (PARTITION BY month_on, measure) AS lowest_value,
    MAX(value) OVER (PARTITION BY month_on, measure) AS highest_value
  FROM raw_movement_metrics
), newest AS (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY month_on, measure ORDER BY seen_until_on DESC, _file DESC, line DESC) AS place
  FROM seen
)
SELECT
  CAST(month_on AS TIMESTAMP) AS month_at,
  measure,
  value,
  CASE
    WHEN highest_value > lowest_value THEN 'restated'
    WHEN month_on = seen_until_on THEN 'provisional'
    WHEN measure IN ('new_editor_retention', 'mobile-heavy_wiki_new_editor_retention')
      AND month_on + INTERVAL '1' MONTH + INTERVAL '60' DAY > seen_until_on + INTERVAL '1' MONTH THEN 'provisional'
    ELSE 'settled'
  END AS state
FROM newest
WHERE place = 1 AND month_on < $as_of
