SELECT
  CAST(month_at AS DATE) AS "day",
  COALESCE(CAST(measure AS TEXT), 'unknown') AS "measure",
  COALESCE(CAST(state AS TEXT), 'unknown') AS "state",
  CAST(NULLIF(COUNT(CASE WHEN (
    measure = 'returning_active_editors'
  ) THEN value END), 0) AS DOUBLE) AS movement_returning_active_editors__n,
  SUM(
    CASE WHEN (
      measure = 'returning_active_editors'
    ) THEN CAST(value AS DOUBLE) END
  ) AS movement_returning_active_editors__sum,
  SUM(
    CASE WHEN (
      measure = 'returning_active_editors'
    ) THEN CAST(value AS DOUBLE) END * CASE WHEN (
      measure = 'returning_active_editors'
    ) THEN CAST(value AS DOUBLE) END
  ) AS movement_returning_active_editors__squares
FROM mart_movement
WHERE
  month_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(month_at AS DATE),
  COALESCE(CAST(measure AS TEXT), 'unknown'),
  COALESCE(CAST(state AS TEXT), 'unknown');
