-- One row per report that the report form's server took.
SELECT
  wiki,
  received_at AS submitted_at,
  incident_type,
  behaviour,
  edit_bucket,
  CASE WHEN sample_rate IS NULL THEN 'unsaid' WHEN sample_rate < 1 THEN 'part' ELSE 'everybody' END AS sample
FROM core_report_event
WHERE action = 'submit'
