-- One row per contact of the program whose agreement holds at $as_of, without saying who it is.
SELECT
  community,
  language,
  role,
  -- Of whom nobody says since when: at the latest since they were last spoken to, or since now.
  COALESCE(LEAST(since_at, last_contact_at), $as_of - INTERVAL '1' DAY) AS since_at,
  last_contact_at,
  COALESCE(last_contact_at >= $as_of - INTERVAL '90' DAY, FALSE) AS is_reached_90d,
  has_address AS is_reachable
FROM core_contact
