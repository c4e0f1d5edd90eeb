WITH scan AS (
  SELECT
    CAST(since_at AS DATE) AS day,
    COALESCE(CAST(role AS TEXT), 'unknown') AS role,
    COUNT(*) FILTER(WHERE
      (
        is_reached_90d
      )) AS part_0,
    COUNT(*) AS part_1
  FROM mart_contact
  WHERE
    since_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(since_at AS DATE),
    COALESCE(CAST(role AS TEXT), 'unknown')
)
SELECT
  'contacts_reached_90d_share' AS metric,
  'role' AS split,
  CAST([role] AS TEXT[]) AS members,
  day,
  'numerator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'contacts_reached_90d_share' AS metric,
  'role' AS split,
  CAST([role] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;

WITH scan AS (
  SELECT
    CAST(since_at AS DATE) AS day,
    COALESCE(CAST(community AS TEXT), 'unknown') AS community,
    COUNT(*) FILTER(WHERE
      (
        is_reached_90d
      )) AS part_0,
    COUNT(*) AS part_1
  FROM mart_contact
  WHERE
    since_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(since_at AS DATE),
    COALESCE(CAST(community AS TEXT), 'unknown')
)
SELECT
  'contacts_reached_90d_share' AS metric,
  'community' AS split,
  CAST([community] AS TEXT[]) AS members,
  day,
  'numerator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'contacts_reached_90d_share' AS metric,
  'community' AS split,
  CAST([community] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;

WITH scan AS (
  SELECT
    CAST(since_at AS DATE) AS day,
    COALESCE(CAST(language AS TEXT), 'unknown') AS language,
    COUNT(*) FILTER(WHERE
      (
        is_reached_90d
      )) AS part_0,
    COUNT(*) AS part_1
  FROM mart_contact
  WHERE
    since_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(since_at AS DATE),
    COALESCE(CAST(language AS TEXT), 'unknown')
)
SELECT
  'contacts_reached_90d_share' AS metric,
  'language' AS split,
  CAST([language] AS TEXT[]) AS members,
  day,
  'numerator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'contacts_reached_90d_share' AS metric,
  'language' AS split,
  CAST([language] AS TEXT[]) AS members,
  day,
  'denominator' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;
