-- One row per shift of a person, and whether somebody was on call when it ended.
SELECT
  shift.role,
  shift.starts_at,
  shift.ends_at,
  CAST(DATE_DIFF('second', shift.starts_at, shift.ends_at) AS DOUBLE) / 3600 AS shift_hours,
  shift.ends_at > $as_of AS is_ahead,
  CASE
    WHEN NOT cover.role IS NULL THEN TRUE
    WHEN NOT wanted.role IS NULL THEN FALSE
  END AS is_handover_gapless
FROM core_rota_shift AS shift
-- a missing partner: nobody is on call when the shift ends
LEFT JOIN core_rota_cover AS cover
  ON cover.role = shift.role AND cover.starts_at <= shift.ends_at AND shift.ends_at < cover.ends_at
-- a missing partner: nobody is wanted then, or it lies further ahead than the rota looks
LEFT JOIN core_rota_wanted AS wanted
  ON wanted.role = shift.role AND wanted.starts_at <= shift.ends_at AND shift.ends_at < wanted.ends_at
