-- One row per person whom somebody counted by hand, by the last day of the period: a count of people becomes as many rows.
SELECT
  core_hand_count.ends_at AS counted_at,
  core_hand_count.sheet,
  core_hand_count.measure,
  core_hand_count.span,
  core_hand_count.wiki,
  COALESCE(core_hand_count.group_name, 'not_said') AS group_name,
  -- A count of 0 has no partner: one row says that somebody looked and saw nobody.
  CASE WHEN NOT core_number.number IS NULL THEN TRUE END AS is_person
FROM core_hand_count
LEFT JOIN core_number
  ON core_number.number <= core_hand_count.value
WHERE core_hand_count.unit = 'people'
