-- One row per role and unbroken time with somebody on call: shifts that touch or overlap are one.
WITH shift AS (
  SELECT
    role,
    starts_at,
    ends_at,
    MAX(ends_at) OVER (
      PARTITION BY role ORDER BY starts_at, ends_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS covered_until_at
  FROM core_rota_shift
), numbered AS (
  SELECT
    role,
    starts_at,
    ends_at,
    SUM(CASE WHEN starts_at <= covered_until_at THEN 0 ELSE 1 END) OVER (
      PARTITION BY role ORDER BY starts_at, ends_at ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW
    ) AS stretch
  FROM shift
)
SELECT
  role,
  MIN(starts_at) AS starts_at,
  MAX(ends_at) AS ends_at
FROM numbered
GROUP BY role, stretch
