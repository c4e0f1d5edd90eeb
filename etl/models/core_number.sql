-- One row per whole number from 1 to 99,999: what is only counted becomes as many rows as there are of it.
WITH digit AS (
  SELECT digit FROM (VALUES (0), (1), (2), (3), (4), (5), (6), (7), (8), (9)) AS ten(digit)
)
SELECT
  CAST(
    a.digit + 10 * b.digit + 100 * c.digit + 1000 * d.digit + 10000 * e.digit AS BIGINT
  ) AS number
FROM digit AS a
CROSS JOIN digit AS b
CROSS JOIN digit AS c
CROSS JOIN digit AS d
CROSS JOIN digit AS e
WHERE a.digit + 10 * b.digit + 100 * c.digit + 1000 * d.digit + 10000 * e.digit > 0
