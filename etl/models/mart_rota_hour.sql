-- One row per role and hour (UTC) in which somebody is wanted, from the first shift to as far ahead as the rota looks.
WITH piece AS (
  SELECT
    wanted.role,
    hour.hour_at,
    GREATEST(wanted.starts_at, hour.hour_at) AS starts_at,
    LEAST(wanted.ends_at, hour.hour_at + INTERVAL '1' HOUR) AS ends_at
  FROM core_rota_wanted AS wanted
  CROSS JOIN UNNEST(GENERATE_SERIES(
    DATE_TRUNC('hour', wanted.starts_at), wanted.ends_at - INTERVAL '1' SECOND, INTERVAL '1' HOUR
  )) AS hour(hour_at)
), wanted AS (
  SELECT role, hour_at, SUM(DATE_DIFF('second', starts_at, ends_at)) AS wanted_seconds
  FROM piece
  GROUP BY role, hour_at
), covered AS (
  SELECT
    piece.role,
    piece.hour_at,
    SUM(DATE_DIFF(
      'second', GREATEST(piece.starts_at, cover.starts_at), LEAST(piece.ends_at, cover.ends_at)
    )) AS covered_seconds
  FROM piece
  JOIN core_rota_cover AS cover
    ON cover.role = piece.role AND cover.starts_at < piece.ends_at AND piece.starts_at < cover.ends_at
  GROUP BY piece.role, piece.hour_at
), peopled AS (
  SELECT piece.role, piece.hour_at, COUNT(DISTINCT shift.person_key) AS covered_people
  FROM piece
  JOIN core_rota_shift AS shift
    ON shift.role = piece.role AND shift.starts_at < piece.ends_at AND piece.starts_at < shift.ends_at
  GROUP BY piece.role, piece.hour_at
)
SELECT
  wanted.role,
  wanted.hour_at,
  CAST(wanted.wanted_seconds AS DOUBLE) / 3600 AS wanted_hours,
  CAST(COALESCE(covered.covered_seconds, 0) AS DOUBLE) / 3600 AS covered_hours,
  CAST(wanted.wanted_seconds - COALESCE(covered.covered_seconds, 0) AS DOUBLE) / 3600 AS gap_hours,
  COALESCE(peopled.covered_people, 0) AS covered_people,
  COALESCE(covered.covered_seconds, 0) = wanted.wanted_seconds AS is_covered
FROM wanted
-- a missing partner: nobody is on call in that hour
LEFT JOIN covered
  ON covered.role = wanted.role AND covered.hour_at = wanted.hour_at
LEFT JOIN peopled
  ON peopled.role = wanted.role AND peopled.hour_at = wanted.hour_at
