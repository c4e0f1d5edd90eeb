-- One row per complete respondent and measure answered, without the respondent's key.
SELECT
  closed_at,
  wave,
  wiki,
  edit_bucket,
  measure,
  -- Each wave has strata of its own: in a period of several waves none stands for another's people.
  CONCAT(wave, ' / ', stratum) AS stratum,
  stratum_population,
  is_yes
FROM core_survey_answer
