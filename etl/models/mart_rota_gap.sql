-- One row per role and unbroken time in which somebody is wanted and nobody is on call.
WITH covered AS (
  SELECT
    wanted.role,
    wanted.starts_at AS wanted_from_at,
    GREATEST(cover.starts_at, wanted.starts_at) AS starts_at,
    LEAST(cover.ends_at, wanted.ends_at) AS ends_at
  FROM core_rota_wanted AS wanted
  JOIN core_rota_cover AS cover
    ON cover.role = wanted.role AND cover.starts_at < wanted.ends_at AND wanted.starts_at < cover.ends_at
  UNION ALL
  SELECT role, starts_at AS wanted_from_at, ends_at AS starts_at, ends_at  -- from here on nobody is wanted
  FROM core_rota_wanted
), uncovered AS (
  SELECT
    role,
    LAG(ends_at, 1, wanted_from_at) OVER (PARTITION BY role, wanted_from_at ORDER BY starts_at, ends_at) AS starts_at,
    starts_at AS ends_at
  FROM covered
)
SELECT
  role,
  starts_at,
  ends_at,
  CAST(DATE_DIFF('second', starts_at, ends_at) AS DOUBLE) / 3600 AS gap_hours,
  ends_at > $as_of AS is_ahead
FROM uncovered
WHERE starts_at < ends_at
