-- One row per role and unbroken time in which somebody is wanted, as far ahead as the rota looks at $as_of.
SELECT
  role,
  starts_at,
  LEAST(ends_at, $as_of + horizon_days * INTERVAL '1' DAY) AS ends_at
FROM raw_rota_wanted
WHERE starts_at < $as_of + horizon_days * INTERVAL '1' DAY
