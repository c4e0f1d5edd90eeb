SELECT
  CAST(month_at AS DATE) AS "day",
  COALESCE(CAST(measure AS TEXT), 'unknown') AS "measure",
  COALESCE(CAST(state AS TEXT), 'unknown') AS "state",
  CAST(NULLIF(COUNT(CASE WHEN (
    measure = 'new_editor_retention'
  ) THEN value END), 0) AS DOUBLE) AS movement_new_editor_retention__n,
  SUM(CASE WHEN (
    measure = 'new_editor_retention'
  ) THEN CAST(value AS DOUBLE) END) AS movement_new_editor_retention__sum,
  SUM(
    CASE WHEN (
      measure = 'new_editor_retention'
    ) THEN CAST(value AS DOUBLE) END * CASE WHEN (
      measure = 'new_editor_retention'
    ) THEN CAST(value AS DOUBLE) END
  ) AS movement_new_editor_retention__squares
FROM mart_movement
WHERE
  month_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(month_at AS DATE),
  COALESCE(CAST(measure AS TEXT), 'unknown'),
  COALESCE(CAST(state AS TEXT), 'unknown');
