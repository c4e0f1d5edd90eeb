SELECT
  CAST(ended_at AS DATE) AS "day",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS admins_removed__value
FROM mart_admin_spell
WHERE
  ended_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(ended_at AS DATE);

SELECT
  CAST(ended_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS admins_removed__value
FROM mart_admin_spell
WHERE
  ended_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(ended_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');
