WITH scan AS (
  SELECT
    CAST(aged_30d_at AS DATE) AS day,
    COALESCE(CAST(queue AS TEXT), 'unknown') AS queue,
    COALESCE(CAST(channel AS TEXT), 'unknown') AS channel,
    COALESCE(CAST(priority AS TEXT), 'unknown') AS priority,
    COALESCE(CAST(urgency AS TEXT), 'unknown') AS urgency,
    COUNT(*) AS part_0
  FROM mart_case_spell
  WHERE
    aged_30d_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(aged_30d_at AS DATE),
    COALESCE(CAST(queue AS TEXT), 'unknown'),
    COALESCE(CAST(channel AS TEXT), 'unknown'),
    COALESCE(CAST(priority AS TEXT), 'unknown'),
    COALESCE(CAST(urgency AS TEXT), 'unknown')
)
SELECT
  'cases_open_30d' AS metric,
  'queue,channel,priority,urgency' AS split,
  CAST([queue, channel, priority, urgency] AS TEXT[]) AS members,
  day,
  'in' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(aged_30d_at AS DATE) AS day,
    COALESCE(CAST(language AS TEXT), 'unknown') AS language,
    COUNT(*) AS part_0
  FROM mart_case_spell
  WHERE
    aged_30d_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(aged_30d_at AS DATE),
    COALESCE(CAST(language AS TEXT), 'unknown')
)
SELECT
  'cases_open_30d' AS metric,
  'language' AS split,
  CAST([language] AS TEXT[]) AS members,
  day,
  'in' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(aged_30d_until_at AS DATE) AS day,
    COALESCE(CAST(queue AS TEXT), 'unknown') AS queue,
    COALESCE(CAST(channel AS TEXT), 'unknown') AS channel,
    COALESCE(CAST(priority AS TEXT), 'unknown') AS priority,
    COALESCE(CAST(urgency AS TEXT), 'unknown') AS urgency,
    COUNT(*) AS part_0
  FROM mart_case_spell
  WHERE
    aged_30d_until_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(aged_30d_until_at AS DATE),
    COALESCE(CAST(queue AS TEXT), 'unknown'),
    COALESCE(CAST(channel AS TEXT), 'unknown'),
    COALESCE(CAST(priority AS TEXT), 'unknown'),
    COALESCE(CAST(urgency AS TEXT), 'unknown')
)
SELECT
  'cases_open_30d' AS metric,
  'queue,channel,priority,urgency' AS split,
  CAST([queue, channel, priority, urgency] AS TEXT[]) AS members,
  day,
  'out' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(aged_30d_until_at AS DATE) AS day,
    COALESCE(CAST(language AS TEXT), 'unknown') AS language,
    COUNT(*) AS part_0
  FROM mart_case_spell
  WHERE
    aged_30d_until_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(aged_30d_until_at AS DATE),
    COALESCE(CAST(language AS TEXT), 'unknown')
)
SELECT
  'cases_open_30d' AS metric,
  'language' AS split,
  CAST([language] AS TEXT[]) AS members,
  day,
  'out' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;
