SELECT
  CAST(counted_at AS DATE) AS "day",
  COALESCE(CAST(sheet AS TEXT), 'unknown') AS "sheet",
  COALESCE(CAST(measure AS TEXT), 'unknown') AS "measure",
  COALESCE(CAST(unit AS TEXT), 'unknown') AS "unit",
  COALESCE(CAST(span AS TEXT), 'unknown') AS "span",
  COALESCE(CAST(group_name AS TEXT), 'unknown') AS "group_name",
  SUM(CASE WHEN (
    over_time = 'add'
  ) THEN CAST(value AS DOUBLE) END) AS hand_counted__value,
  CAST(NULLIF(COUNT(CASE WHEN (
    over_time = 'add'
  ) THEN value END), 0) AS DOUBLE) AS hand_counted__n
FROM mart_hand_count
WHERE
  counted_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(counted_at AS DATE),
  COALESCE(CAST(sheet AS TEXT), 'unknown'),
  COALESCE(CAST(measure AS TEXT), 'unknown'),
  COALESCE(CAST(unit AS TEXT), 'unknown'),
  COALESCE(CAST(span AS TEXT), 'unknown'),
  COALESCE(CAST(group_name AS TEXT), 'unknown');

SELECT
  CAST(counted_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  SUM(CASE WHEN (
    over_time = 'add'
  ) THEN CAST(value AS DOUBLE) END) AS hand_counted__value,
  CAST(NULLIF(COUNT(CASE WHEN (
    over_time = 'add'
  ) THEN value END), 0) AS DOUBLE) AS hand_counted__n
FROM mart_hand_count
WHERE
  counted_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(counted_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');
