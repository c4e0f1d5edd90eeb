SELECT
  CAST(counted_at AS DATE) AS "day",
  COALESCE(CAST(sheet AS TEXT), 'unknown') AS "sheet",
  COALESCE(CAST(measure AS TEXT), 'unknown') AS "measure",
  COALESCE(CAST(unit AS TEXT), 'unknown') AS "unit",
  COALESCE(CAST(span AS TEXT), 'unknown') AS "span",
  COALESCE(CAST(group_name AS TEXT), 'unknown') AS "group_name",
  SUM(CAST(value AS DOUBLE)) FILTER(WHERE
    (
      over_time = 'add'
    ) AND NOT value IS NULL) AS hand_counted__value,
  CAST(NULLIF(COUNT(*) FILTER(WHERE
    (
      over_time = 'add'
    ) AND NOT value IS NULL), 0) AS DOUBLE) AS hand_counted__n
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
  SUM(CAST(value AS DOUBLE)) FILTER(WHERE
    (
      over_time = 'add'
    ) AND NOT value IS NULL) AS hand_counted__value,
  CAST(NULLIF(COUNT(*) FILTER(WHERE
    (
      over_time = 'add'
    ) AND NOT value IS NULL), 0) AS DOUBLE) AS hand_counted__n
FROM mart_hand_count
WHERE
  counted_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(counted_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');
