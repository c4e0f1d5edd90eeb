SELECT
  CAST(counted_at AS DATE) AS "day",
  COALESCE(CAST(report AS TEXT), 'unknown') AS "report",
  COALESCE(CAST(measure AS TEXT), 'unknown') AS "measure",
  COALESCE(CAST(kind AS TEXT), 'unknown') AS "kind",
  COALESCE(CAST(counted_how AS TEXT), 'unknown') AS "counted_how",
  SUM(CAST(value AS DOUBLE)) AS transparency_by_kind__value
FROM mart_transparency_kind
WHERE
  counted_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(counted_at AS DATE),
  COALESCE(CAST(report AS TEXT), 'unknown'),
  COALESCE(CAST(measure AS TEXT), 'unknown'),
  COALESCE(CAST(kind AS TEXT), 'unknown'),
  COALESCE(CAST(counted_how AS TEXT), 'unknown');
