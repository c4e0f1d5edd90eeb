SELECT
  CAST(since_at AS DATE) AS "day",
  COALESCE(CAST(role AS TEXT), 'unknown') AS "role",
  CAST(NULLIF(COUNT_IF((
    is_reached_90d
  )), 0) AS DOUBLE) AS contacts_reached_90d_share__numerator,
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS contacts_reached_90d_share__denominator
FROM mart_contact
WHERE
  since_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(since_at AS DATE),
  COALESCE(CAST(role AS TEXT), 'unknown');

SELECT
  CAST(since_at AS DATE) AS "day",
  COALESCE(CAST(community AS TEXT), 'unknown') AS "community",
  CAST(NULLIF(COUNT_IF((
    is_reached_90d
  )), 0) AS DOUBLE) AS contacts_reached_90d_share__numerator,
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS contacts_reached_90d_share__denominator
FROM mart_contact
WHERE
  since_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(since_at AS DATE),
  COALESCE(CAST(community AS TEXT), 'unknown');

SELECT
  CAST(since_at AS DATE) AS "day",
  COALESCE(CAST(language AS TEXT), 'unknown') AS "language",
  CAST(NULLIF(COUNT_IF((
    is_reached_90d
  )), 0) AS DOUBLE) AS contacts_reached_90d_share__numerator,
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS contacts_reached_90d_share__denominator
FROM mart_contact
WHERE
  since_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(since_at AS DATE),
  COALESCE(CAST(language AS TEXT), 'unknown');
