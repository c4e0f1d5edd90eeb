SELECT
  CAST(ended_at AS DATE) AS "day",
  COALESCE(CAST(scope AS TEXT), 'unknown') AS "scope",
  COALESCE(CAST(target_kind AS TEXT), 'unknown') AS "target_kind",
  COALESCE(CAST(performer_kind AS TEXT), 'unknown') AS "performer_kind",
  COALESCE(CAST(duration_class AS TEXT), 'unknown') AS "duration_class",
  COALESCE(CAST(reason_class AS TEXT), 'unknown') AS "reason_class",
  COALESCE(CAST(ended_by AS TEXT), 'unknown') AS "ended_by",
  CAST(NULLIF(
    COUNT_IF(
      (
        reblocked_within_90d
      )
      AND ended_at + INTERVAL '7776000' SECOND <= CAST($as_of AS TIMESTAMP)
    ),
    0
  ) AS DOUBLE) AS block_recidivism_90d__numerator,
  CAST(NULLIF(COUNT_IF(ended_at + INTERVAL '7776000' SECOND <= CAST($as_of AS TIMESTAMP)), 0) AS DOUBLE) AS block_recidivism_90d__denominator
FROM mart_block_end
WHERE
  ended_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(ended_at AS DATE),
  COALESCE(CAST(scope AS TEXT), 'unknown'),
  COALESCE(CAST(target_kind AS TEXT), 'unknown'),
  COALESCE(CAST(performer_kind AS TEXT), 'unknown'),
  COALESCE(CAST(duration_class AS TEXT), 'unknown'),
  COALESCE(CAST(reason_class AS TEXT), 'unknown'),
  COALESCE(CAST(ended_by AS TEXT), 'unknown');

SELECT
  CAST(ended_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  CAST(NULLIF(
    COUNT_IF(
      (
        reblocked_within_90d
      )
      AND ended_at + INTERVAL '7776000' SECOND <= CAST($as_of AS TIMESTAMP)
    ),
    0
  ) AS DOUBLE) AS block_recidivism_90d__numerator,
  CAST(NULLIF(COUNT_IF(ended_at + INTERVAL '7776000' SECOND <= CAST($as_of AS TIMESTAMP)), 0) AS DOUBLE) AS block_recidivism_90d__denominator
FROM mart_block_end
WHERE
  ended_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(ended_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');
