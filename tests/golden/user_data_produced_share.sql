SELECT
  CAST(counted_at AS DATE) AS "day",
  COALESCE(CAST(report AS TEXT), 'unknown') AS "report",
  COALESCE(CAST(measure AS TEXT), 'unknown') AS "measure",
  COALESCE(CAST(counted_how AS TEXT), 'unknown') AS "counted_how",
  SUM(CASE WHEN (
    measure = 'produced'
  ) THEN CAST(value AS DOUBLE) END) AS user_data_produced_share__numerator,
  SUM(CASE WHEN (
    measure = 'requests'
  ) THEN CAST(value AS DOUBLE) END) AS user_data_produced_share__denominator
FROM mart_transparency_count
WHERE
  counted_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(counted_at AS DATE),
  COALESCE(CAST(report AS TEXT), 'unknown'),
  COALESCE(CAST(measure AS TEXT), 'unknown'),
  COALESCE(CAST(counted_how AS TEXT), 'unknown');
