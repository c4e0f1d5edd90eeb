-- One row per time for which a user was administrator of a wiki; without end while they are.
SELECT
  wiki,
  started_at,
  ended_at
FROM core_admin_spell
