WITH scan AS (
  SELECT
    CAST(since_at AS DATE) AS day,
    COALESCE(CAST(role AS TEXT), 'unknown') AS role,
    COUNT(*) AS part_0
  FROM mart_contact
  WHERE
    since_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(since_at AS DATE),
    COALESCE(CAST(role AS TEXT), 'unknown')
)
SELECT
  'contacts_active' AS metric,
  'role' AS split,
  CAST([role] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(since_at AS DATE) AS day,
    COALESCE(CAST(community AS TEXT), 'unknown') AS community,
    COUNT(*) AS part_0
  FROM mart_contact
  WHERE
    since_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(since_at AS DATE),
    COALESCE(CAST(community AS TEXT), 'unknown')
)
SELECT
  'contacts_active' AS metric,
  'community' AS split,
  CAST([community] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(since_at AS DATE) AS day,
    COALESCE(CAST(language AS TEXT), 'unknown') AS language,
    COUNT(*) AS part_0
  FROM mart_contact
  WHERE
    since_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(since_at AS DATE),
    COALESCE(CAST(language AS TEXT), 'unknown')
)
SELECT
  'contacts_active' AS metric,
  'language' AS split,
  CAST([language] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;
