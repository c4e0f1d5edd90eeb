-- One row per complete respondent and measure answered, without the respondent's key.
SELECT
  closed_at,
  wave,
  wiki,
  edit_bucket,
  measure,
  stratum,
  stratum_population,
  is_yes
FROM core_survey_answer
