SELECT
  CAST(edited_at AS DATE) AS "day",
  COALESCE(CAST(format AS TEXT), 'unknown') AS "format",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS event_edits__value
FROM mart_event_contribution
WHERE
  edited_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(edited_at AS DATE),
  COALESCE(CAST(format AS TEXT), 'unknown');

SELECT
  CAST(edited_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS event_edits__value
FROM mart_event_contribution
WHERE
  edited_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(edited_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');

SELECT
  CAST(edited_at AS DATE) AS "day",
  COALESCE(CAST(event AS TEXT), 'unknown') AS "event",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS event_edits__value
FROM mart_event_contribution
WHERE
  edited_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(edited_at AS DATE),
  COALESCE(CAST(event AS TEXT), 'unknown');
