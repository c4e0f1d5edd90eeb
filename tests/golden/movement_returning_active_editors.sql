SELECT
  CAST(month_at AS DATE) AS "day",
  COALESCE(CAST(measure AS TEXT), 'unknown') AS "measure",
  COALESCE(CAST(state AS TEXT), 'unknown') AS "state",
  CAST(NULLIF(
    COUNT(*) FILTER(WHERE
      (
        measure = 'returning_active_editors'
      ) AND NOT value IS NULL),
    0
  ) AS DOUBLE) AS movement_returning_active_editors__n,
  SUM(CAST(value AS DOUBLE)) FILTER(WHERE
    (
      measure = 'returning_active_editors'
    ) AND NOT value IS NULL) AS movement_returning_active_editors__sum,
  SUM(CAST(value AS DOUBLE) * CAST(value AS DOUBLE)) FILTER(WHERE
    (
      measure = 'returning_active_editors'
    ) AND NOT value IS NULL) AS movement_returning_active_editors__squares
FROM mart_movement
WHERE
  month_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(month_at AS DATE),
  COALESCE(CAST(measure AS TEXT), 'unknown'),
  COALESCE(CAST(state AS TEXT), 'unknown');
