-- One row per report, thing counted, kind and period, by the period's last day, as published; totals are no kinds.
SELECT
  ends_at AS counted_at,
  starts_at AS started_at,
  report,
  measure,
  kind,
  COALESCE(counted, 'not_said') AS counted_how,
  CAST(value AS DOUBLE) AS value
FROM core_transparency_count
WHERE NOT is_total
