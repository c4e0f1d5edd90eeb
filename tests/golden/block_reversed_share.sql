SELECT
  CAST(set_at AS DATE) AS "day",
  COALESCE(CAST(scope AS TEXT), 'unknown') AS "scope",
  COALESCE(CAST(target_kind AS TEXT), 'unknown') AS "target_kind",
  COALESCE(CAST(performer_kind AS TEXT), 'unknown') AS "performer_kind",
  COALESCE(CAST(duration_class AS TEXT), 'unknown') AS "duration_class",
  COALESCE(CAST(reason_class AS TEXT), 'unknown') AS "reason_class",
  CAST(NULLIF(
    COUNT_IF(
      (
        is_reversed AND block_hours < 720
      )
      AND set_at + INTERVAL '2592000' SECOND <= CAST($as_of AS TIMESTAMP)
    ),
    0
  ) AS DOUBLE) AS block_reversed_share__numerator,
  CAST(NULLIF(
    COUNT(
      CASE
        WHEN set_at + INTERVAL '2592000' SECOND <= CAST($as_of AS TIMESTAMP)
        THEN is_reversed
      END
    ),
    0
  ) AS DOUBLE) AS block_reversed_share__denominator
FROM mart_block
WHERE
  set_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(set_at AS DATE),
  COALESCE(CAST(scope AS TEXT), 'unknown'),
  COALESCE(CAST(target_kind AS TEXT), 'unknown'),
  COALESCE(CAST(performer_kind AS TEXT), 'unknown'),
  COALESCE(CAST(duration_class AS TEXT), 'unknown'),
  COALESCE(CAST(reason_class AS TEXT), 'unknown');

SELECT
  CAST(set_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  CAST(NULLIF(
    COUNT_IF(
      (
        is_reversed AND block_hours < 720
      )
      AND set_at + INTERVAL '2592000' SECOND <= CAST($as_of AS TIMESTAMP)
    ),
    0
  ) AS DOUBLE) AS block_reversed_share__numerator,
  CAST(NULLIF(
    COUNT(
      CASE
        WHEN set_at + INTERVAL '2592000' SECOND <= CAST($as_of AS TIMESTAMP)
        THEN is_reversed
      END
    ),
    0
  ) AS DOUBLE) AS block_reversed_share__denominator
FROM mart_block
WHERE
  set_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(set_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');
