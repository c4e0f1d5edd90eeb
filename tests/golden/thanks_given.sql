SELECT
  CAST(thanked_at AS DATE) AS "day",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS thanks_given__value
FROM mart_thanks
WHERE
  thanked_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(thanked_at AS DATE);

SELECT
  CAST(thanked_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS thanks_given__value
FROM mart_thanks
WHERE
  thanked_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(thanked_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');
