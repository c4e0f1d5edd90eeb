-- One row per wave, respondent and measure answered, of waves that were closed before $as_of.
WITH quick_answer AS (
  SELECT
    wave,
    respondent_key,
    measure,
    closed_at,
    is_yes,
    -- Of several answers with one token the last counts; a person is of the stratum of their last word.
    ROW_NUMBER() OVER (
      PARTITION BY wave, respondent_key, measure
      ORDER BY answered_at DESC, stratum DESC, is_yes DESC
    ) AS age,
    FIRST_VALUE(stratum) OVER (
      PARTITION BY wave, respondent_key
      ORDER BY answered_at DESC, stratum DESC
    ) AS stratum
  FROM raw_quicksurveys_answer
),
answer AS (
  SELECT 'survey' AS feed, wave, respondent_key, measure, closed_at, stratum, is_yes
  FROM raw_survey_answer
  UNION ALL
  SELECT 'quicksurveys' AS feed, wave, respondent_key, measure, closed_at, stratum, is_yes
  FROM quick_answer
  WHERE age = 1
),
stratum AS (
  SELECT 'survey' AS feed, wave, stratum, wiki, edit_bucket, population
  FROM raw_survey_stratum
  UNION ALL
  SELECT 'quicksurveys' AS feed, wave, stratum, wiki, edit_bucket, population
  FROM raw_quicksurveys_stratum
)
SELECT
  answer.feed,
  answer.wave,
  answer.respondent_key,
  answer.measure,
  answer.closed_at,
  stratum.wiki,
  stratum.edit_bucket,
  answer.stratum,
  stratum.population AS stratum_population,
  answer.is_yes
FROM answer
-- No partner: the stratum was quarantined after its answers were read. The contract refuses such a row.
LEFT JOIN stratum
  ON stratum.feed = answer.feed AND stratum.wave = answer.wave AND stratum.stratum = answer.stratum
WHERE answer.closed_at < $as_of
