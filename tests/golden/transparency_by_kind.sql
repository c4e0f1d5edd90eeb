WITH scan AS (
  SELECT
    CAST(counted_at AS DATE) AS day,
    COALESCE(CAST(report AS TEXT), 'unknown') AS report,
    COALESCE(CAST(measure AS TEXT), 'unknown') AS measure,
    COALESCE(CAST(kind AS TEXT), 'unknown') AS kind,
    COALESCE(CAST(counted_how AS TEXT), 'unknown') AS counted_how,
    SUM(CAST(value AS DOUBLE)) FILTER(WHERE
      NOT value IS NULL) AS part_0
  FROM mart_transparency_kind
  WHERE
    counted_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(counted_at AS DATE),
    COALESCE(CAST(report AS TEXT), 'unknown'),
    COALESCE(CAST(measure AS TEXT), 'unknown'),
    COALESCE(CAST(kind AS TEXT), 'unknown'),
    COALESCE(CAST(counted_how AS TEXT), 'unknown')
)
SELECT
  'transparency_by_kind' AS metric,
  'report,measure,kind,counted_how' AS split,
  CAST([report, measure, kind, counted_how] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  NOT part_0 IS NULL;
