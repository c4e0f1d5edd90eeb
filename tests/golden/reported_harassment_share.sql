SELECT
  CAST(closed_at AS DATE) AS "day",
  COALESCE(CAST(wave AS TEXT), 'unknown') AS "wave",
  COALESCE(CAST(edit_bucket AS TEXT), 'unknown') AS "edit_bucket",
  CAST(stratum_population AS DOUBLE) AS "at",
  CAST(stratum AS TEXT) AS "stratum",
  CAST(NULLIF(COUNT_IF((
    measure = 'reported_it'
  ) AND is_yes), 0) AS DOUBLE) AS reported_harassment_share__yes,
  CAST(NULLIF(COUNT_IF((
    measure = 'reported_it'
  ) AND NOT is_yes), 0) AS DOUBLE) AS reported_harassment_share__no
FROM mart_survey_answer
WHERE
  closed_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(closed_at AS DATE),
  COALESCE(CAST(wave AS TEXT), 'unknown'),
  COALESCE(CAST(edit_bucket AS TEXT), 'unknown'),
  CAST(stratum_population AS DOUBLE),
  CAST(stratum AS TEXT);

SELECT
  CAST(closed_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  CAST(stratum_population AS DOUBLE) AS "at",
  CAST(stratum AS TEXT) AS "stratum",
  CAST(NULLIF(COUNT_IF((
    measure = 'reported_it'
  ) AND is_yes), 0) AS DOUBLE) AS reported_harassment_share__yes,
  CAST(NULLIF(COUNT_IF((
    measure = 'reported_it'
  ) AND NOT is_yes), 0) AS DOUBLE) AS reported_harassment_share__no
FROM mart_survey_answer
WHERE
  closed_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(closed_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown'),
  CAST(stratum_population AS DOUBLE),
  CAST(stratum AS TEXT);
