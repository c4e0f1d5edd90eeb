-- One row per role and day, from the role's first planned day to the last day that was over at $as_of.
WITH step AS (
  SELECT
    role,
    kind,
    CAST(starts_on AS TIMESTAMP) AS starts_at,
    CAST(LEAD(starts_on) OVER (PARTITION BY role, kind ORDER BY starts_on) AS TIMESTAMP) AS ends_at,
    people
  FROM raw_plan_staffing
), span AS (
  SELECT
    role,
    MIN(starts_at) AS first_at,
    CAST(CAST($as_of AS DATE) AS TIMESTAMP) - INTERVAL '1' DAY AS last_at
  FROM step
  WHERE kind = 'planned'
  GROUP BY role
), started AS (
  SELECT role, first_at, last_at FROM span WHERE first_at <= last_at
), staffed AS (
  SELECT started.role, day.day_at
  FROM started
  CROSS JOIN UNNEST(GENERATE_SERIES(started.first_at, started.last_at, INTERVAL '1' DAY)) AS day(day_at)
)
SELECT
  staffed.role,
  staffed.day_at,
  planned.people AS planned_people,
  filled.people AS filled_people
FROM staffed
JOIN step AS planned
  ON planned.role = staffed.role
  AND planned.kind = 'planned'
  AND planned.starts_at <= staffed.day_at
  AND (planned.ends_at IS NULL OR staffed.day_at < planned.ends_at)
-- a missing partner: nobody said how many there were, which the contract refuses; it is not nobody
LEFT JOIN step AS filled
  ON filled.role = staffed.role
  AND filled.kind = 'filled'
  AND filled.starts_at <= staffed.day_at
  AND (filled.ends_at IS NULL OR staffed.day_at < filled.ends_at)
