WITH scan AS (
  SELECT
    CAST(edited_at AS DATE) AS day,
    COALESCE(CAST(format AS TEXT), 'unknown') AS format,
    COUNT(*) AS part_0
  FROM mart_event_contribution
  WHERE
    edited_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(edited_at AS DATE),
    COALESCE(CAST(format AS TEXT), 'unknown')
)
SELECT
  'event_edits' AS metric,
  'format' AS split,
  CAST([format] AS TEXT[]) AS members,
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
    CAST(edited_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    COUNT(*) AS part_0
  FROM mart_event_contribution
  WHERE
    edited_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(edited_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown')
)
SELECT
  'event_edits' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
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
    CAST(edited_at AS DATE) AS day,
    COALESCE(CAST(event AS TEXT), 'unknown') AS event,
    COUNT(*) AS part_0
  FROM mart_event_contribution
  WHERE
    edited_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(edited_at AS DATE),
    COALESCE(CAST(event AS TEXT), 'unknown')
)
SELECT
  'event_edits' AS metric,
  'event' AS split,
  CAST([event] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;
