-- One row per wave, respondent and measure answered, of waves that were closed before $as_of.
SELECT
  answer.wave,
  answer.respondent_key,
  answer.measure,
  answer.closed_at,
  answer.wiki,
  answer.edit_bucket,
  answer.stratum,
  stratum.population AS stratum_population,
  answer.is_yes
FROM raw_survey_answer AS answer
-- No partner: the stratum was quarantined after its answers were read. The contract refuses such a row.
LEFT JOIN raw_survey_stratum AS stratum
  ON stratum.wave = answer.wave AND stratum.stratum = answer.stratum
WHERE answer.closed_at < $as_of
