WITH scan AS (
  SELECT
    CAST(closed_at AS DATE) AS day,
    COALESCE(CAST(wave AS TEXT), 'unknown') AS wave,
    COALESCE(CAST(edit_bucket AS TEXT), 'unknown') AS edit_bucket,
    stratum_population AS "at",
    stratum AS stratum,
    COUNT(*) FILTER(WHERE
      (
        measure = 'witnessed_harassment'
      ) AND is_yes) AS part_0,
    COUNT(*) FILTER(WHERE
      (
        measure = 'witnessed_harassment'
      ) AND NOT is_yes) AS part_1
  FROM mart_survey_answer
  WHERE
    closed_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(closed_at AS DATE),
    COALESCE(CAST(wave AS TEXT), 'unknown'),
    COALESCE(CAST(edit_bucket AS TEXT), 'unknown'),
    stratum_population,
    stratum
)
SELECT
  'witnessed_harassment_share' AS metric,
  'wave,edit_bucket' AS split,
  CAST([wave, edit_bucket] AS TEXT[]) AS members,
  day,
  'yes' AS part,
  CAST("at" AS DOUBLE) AS "at",
  CAST(stratum AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'witnessed_harassment_share' AS metric,
  'wave,edit_bucket' AS split,
  CAST([wave, edit_bucket] AS TEXT[]) AS members,
  day,
  'no' AS part,
  CAST("at" AS DOUBLE) AS "at",
  CAST(stratum AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;

WITH scan AS (
  SELECT
    CAST(closed_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    stratum_population AS "at",
    stratum AS stratum,
    COUNT(*) FILTER(WHERE
      (
        measure = 'witnessed_harassment'
      ) AND is_yes) AS part_0,
    COUNT(*) FILTER(WHERE
      (
        measure = 'witnessed_harassment'
      ) AND NOT is_yes) AS part_1
  FROM mart_survey_answer
  WHERE
    closed_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(closed_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown'),
    stratum_population,
    stratum
)
SELECT
  'witnessed_harassment_share' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'yes' AS part,
  CAST("at" AS DOUBLE) AS "at",
  CAST(stratum AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0
UNION ALL
SELECT
  'witnessed_harassment_share' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'no' AS part,
  CAST("at" AS DOUBLE) AS "at",
  CAST(stratum AS TEXT) AS stratum,
  CAST(part_1 AS DOUBLE) AS value
FROM scan
WHERE
  part_1 <> 0;
