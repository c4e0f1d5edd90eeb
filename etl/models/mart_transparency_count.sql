-- One row per report, thing counted and period, by the period's last day: the published total, or where there is none, the sum
-- of its kinds. Kinds that do not add up to their total are marked, and nothing is mended.
WITH added AS (
  SELECT
    report,
    measure,
    starts_at,
    ends_at,
    COALESCE(MAX(CASE WHEN is_total THEN counted END), MIN(counted), 'not_said') AS counted_how,
    MAX(CASE WHEN is_total THEN value END) AS total_value,
    SUM(CASE WHEN NOT is_total THEN value END) AS kinds_value
  FROM core_transparency_count
  GROUP BY report, measure, starts_at, ends_at
)
SELECT
  ends_at AS counted_at,
  starts_at AS started_at,
  report,
  measure,
  counted_how,
  -- Unknown where there is no total or no kind.
  kinds_value = total_value AS has_kinds_that_add_up,
  CAST(COALESCE(total_value, kinds_value) AS DOUBLE) AS value
FROM added
