SELECT
  CAST(day_at AS DATE) AS "day",
  COALESCE(CAST(role AS TEXT), 'unknown') AS "role",
  SUM(CAST(filled_people AS DOUBLE)) AS staffing_filled_share__numerator,
  SUM(CAST(planned_people AS DOUBLE)) AS staffing_filled_share__denominator
FROM mart_staffing_day
WHERE
  day_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(day_at AS DATE),
  COALESCE(CAST(role AS TEXT), 'unknown');
