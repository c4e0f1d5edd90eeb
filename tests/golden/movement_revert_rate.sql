SELECT
  CAST(month_at AS DATE) AS "day",
  COALESCE(CAST(measure AS TEXT), 'unknown') AS "measure",
  COALESCE(CAST(state AS TEXT), 'unknown') AS "state",
  CAST(NULLIF(COUNT(CASE WHEN (
    measure = 'revert_rate'
  ) THEN value END), 0) AS DOUBLE) AS movement_revert_rate__n,
  SUM(CASE WHEN (
    measure = 'revert_rate'
  ) THEN CAST(value AS DOUBLE) END) AS movement_revert_rate__sum,
  SUM(
    CASE WHEN (
      measure = 'revert_rate'
    ) THEN CAST(value AS DOUBLE) END * CASE WHEN (
      measure = 'revert_rate'
    ) THEN CAST(value AS DOUBLE) END
  ) AS movement_revert_rate__squares
FROM mart_movement
WHERE
  month_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(month_at AS DATE),
  COALESCE(CAST(measure AS TEXT), 'unknown'),
  COALESCE(CAST(state AS TEXT), 'unknown');
