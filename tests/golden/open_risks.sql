SELECT
  CAST(opened_at AS DATE) AS "day",
  COALESCE(CAST(severity AS TEXT), 'unknown') AS "severity",
  COALESCE(CAST(pillar AS TEXT), 'unknown') AS "pillar",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS open_risks__in
FROM mart_risk
WHERE
  opened_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(opened_at AS DATE),
  COALESCE(CAST(severity AS TEXT), 'unknown'),
  COALESCE(CAST(pillar AS TEXT), 'unknown');

SELECT
  CAST(closed_at AS DATE) AS "day",
  COALESCE(CAST(severity AS TEXT), 'unknown') AS "severity",
  COALESCE(CAST(pillar AS TEXT), 'unknown') AS "pillar",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS open_risks__out
FROM mart_risk
WHERE
  closed_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(closed_at AS DATE),
  COALESCE(CAST(severity AS TEXT), 'unknown'),
  COALESCE(CAST(pillar AS TEXT), 'unknown');
