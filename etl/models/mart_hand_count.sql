-- One row per number that somebody counted by hand and that is about no persons, by the last day of its period.
SELECT
  ends_at AS counted_at,
  starts_at AS started_at,
  sheet,
  measure,
  unit,
  over_time,
  span,
  wiki,
  COALESCE(group_name, 'not_said') AS group_name,
  value
FROM core_hand_count
WHERE unit <> 'people'
