SELECT
  CAST(aged_30d_at AS DATE) AS "day",
  COALESCE(CAST(queue AS TEXT), 'unknown') AS "queue",
  COALESCE(CAST(channel AS TEXT), 'unknown') AS "channel",
  COALESCE(CAST(priority AS TEXT), 'unknown') AS "priority",
  COALESCE(CAST(urgency AS TEXT), 'unknown') AS "urgency",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS cases_open_30d__in
FROM mart_case_spell
WHERE
  aged_30d_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(aged_30d_at AS DATE),
  COALESCE(CAST(queue AS TEXT), 'unknown'),
  COALESCE(CAST(channel AS TEXT), 'unknown'),
  COALESCE(CAST(priority AS TEXT), 'unknown'),
  COALESCE(CAST(urgency AS TEXT), 'unknown');

SELECT
  CAST(aged_30d_at AS DATE) AS "day",
  COALESCE(CAST(language AS TEXT), 'unknown') AS "language",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS cases_open_30d__in
FROM mart_case_spell
WHERE
  aged_30d_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(aged_30d_at AS DATE),
  COALESCE(CAST(language AS TEXT), 'unknown');

SELECT
  CAST(aged_30d_until_at AS DATE) AS "day",
  COALESCE(CAST(queue AS TEXT), 'unknown') AS "queue",
  COALESCE(CAST(channel AS TEXT), 'unknown') AS "channel",
  COALESCE(CAST(priority AS TEXT), 'unknown') AS "priority",
  COALESCE(CAST(urgency AS TEXT), 'unknown') AS "urgency",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS cases_open_30d__out
FROM mart_case_spell
WHERE
  aged_30d_until_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(aged_30d_until_at AS DATE),
  COALESCE(CAST(queue AS TEXT), 'unknown'),
  COALESCE(CAST(channel AS TEXT), 'unknown'),
  COALESCE(CAST(priority AS TEXT), 'unknown'),
  COALESCE(CAST(urgency AS TEXT), 'unknown');

SELECT
  CAST(aged_30d_until_at AS DATE) AS "day",
  COALESCE(CAST(language AS TEXT), 'unknown') AS "language",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS cases_open_30d__out
FROM mart_case_spell
WHERE
  aged_30d_until_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(aged_30d_until_at AS DATE),
  COALESCE(CAST(language AS TEXT), 'unknown');
