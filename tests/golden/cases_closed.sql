SELECT
  CAST(closed_at AS DATE) AS "day",
  COALESCE(CAST(queue AS TEXT), 'unknown') AS "queue",
  COALESCE(CAST(channel AS TEXT), 'unknown') AS "channel",
  COALESCE(CAST(priority AS TEXT), 'unknown') AS "priority",
  COALESCE(CAST(urgency AS TEXT), 'unknown') AS "urgency",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS cases_closed__value
FROM mart_case_spell
WHERE
  closed_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(closed_at AS DATE),
  COALESCE(CAST(queue AS TEXT), 'unknown'),
  COALESCE(CAST(channel AS TEXT), 'unknown'),
  COALESCE(CAST(priority AS TEXT), 'unknown'),
  COALESCE(CAST(urgency AS TEXT), 'unknown');

SELECT
  CAST(closed_at AS DATE) AS "day",
  COALESCE(CAST(language AS TEXT), 'unknown') AS "language",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS cases_closed__value
FROM mart_case_spell
WHERE
  closed_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(closed_at AS DATE),
  COALESCE(CAST(language AS TEXT), 'unknown');
