-- One row per role, person and shift, of which several files may tell; planned ones as far ahead as the rota looks.
SELECT DISTINCT
  role,
  person_key,
  starts_at,
  ends_at
FROM raw_rota
WHERE starts_at < $as_of + horizon_days * INTERVAL '1' DAY
