-- One row per risk that was seen before $as_of; closed on or after it, a risk is still open.
SELECT
  risk,
  title,
  severity,
  pillar,
  owner,
  CAST(opened_on AS TIMESTAMP) AS opened_at,
  CASE WHEN CAST(closed_on AS TIMESTAMP) < $as_of THEN CAST(closed_on AS TIMESTAMP) END AS closed_at
FROM raw_plan_risk
WHERE CAST(opened_on AS TIMESTAMP) < $as_of
