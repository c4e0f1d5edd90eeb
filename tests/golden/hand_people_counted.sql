SELECT
  CAST(counted_at AS DATE) AS "day",
  COALESCE(CAST(sheet AS TEXT), 'unknown') AS "sheet",
  COALESCE(CAST(measure AS TEXT), 'unknown') AS "measure",
  COALESCE(CAST(span AS TEXT), 'unknown') AS "span",
  COALESCE(CAST(group_name AS TEXT), 'unknown') AS "group_name",
  CAST(NULLIF(COUNT(is_person), 0) AS DOUBLE) AS hand_people_counted__value,
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS hand_people_counted__n
FROM mart_hand_person
WHERE
  counted_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(counted_at AS DATE),
  COALESCE(CAST(sheet AS TEXT), 'unknown'),
  COALESCE(CAST(measure AS TEXT), 'unknown'),
  COALESCE(CAST(span AS TEXT), 'unknown'),
  COALESCE(CAST(group_name AS TEXT), 'unknown');

SELECT
  CAST(counted_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  CAST(NULLIF(COUNT(is_person), 0) AS DOUBLE) AS hand_people_counted__value,
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS hand_people_counted__n
FROM mart_hand_person
WHERE
  counted_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(counted_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');
