-- One row per book and person whose agreement holds at $as_of: of several entries the one with the latest contact counts,
-- and of several ends of the agreement the earliest.
WITH entry AS (
  SELECT
    book,
    person_key,
    community,
    language,
    role,
    CASE WHEN since_at < $as_of THEN since_at END AS since_at,
    CASE WHEN last_contact_at < $as_of THEN last_contact_at END AS last_contact_at,
    MIN(expires_on) OVER (PARTITION BY book, person_key) AS expires_on,
    has_address,
    line,
    _file
  FROM raw_contacts
), newest AS (
  SELECT
    *,
    ROW_NUMBER() OVER (
      PARTITION BY book, person_key ORDER BY last_contact_at DESC NULLS LAST, since_at DESC NULLS LAST, _file DESC, line DESC
    ) AS place
  FROM entry
)
SELECT
  book,
  person_key,
  community,
  language,
  role,
  since_at,
  last_contact_at,
  expires_on,
  has_address
FROM newest
WHERE place = 1 AND (expires_on IS NULL OR expires_on >= CAST($as_of AS DATE))
