SELECT
  CAST(set_at AS DATE) AS "day",
  COALESCE(CAST(scope AS TEXT), 'unknown') AS "scope",
  COALESCE(CAST(target_kind AS TEXT), 'unknown') AS "target_kind",
  COALESCE(CAST(performer_kind AS TEXT), 'unknown') AS "performer_kind",
  COALESCE(CAST(duration_class AS TEXT), 'unknown') AS "duration_class",
  COALESCE(CAST(reason_class AS TEXT), 'unknown') AS "reason_class",
  CAST(block_hours AS DOUBLE) AS "at",
  CAST(NULLIF(COUNT(CASE WHEN has_ended THEN block_hours END), 0) AS DOUBLE) AS block_median_hours__event,
  CAST(NULLIF(COUNT(CASE WHEN NOT has_ended THEN block_hours END), 0) AS DOUBLE) AS block_median_hours__censored
FROM mart_block
WHERE
  set_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(set_at AS DATE),
  COALESCE(CAST(scope AS TEXT), 'unknown'),
  COALESCE(CAST(target_kind AS TEXT), 'unknown'),
  COALESCE(CAST(performer_kind AS TEXT), 'unknown'),
  COALESCE(CAST(duration_class AS TEXT), 'unknown'),
  COALESCE(CAST(reason_class AS TEXT), 'unknown'),
  CAST(block_hours AS DOUBLE);

SELECT
  CAST(set_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  CAST(block_hours AS DOUBLE) AS "at",
  CAST(NULLIF(COUNT(CASE WHEN has_ended THEN block_hours END), 0) AS DOUBLE) AS block_median_hours__event,
  CAST(NULLIF(COUNT(CASE WHEN NOT has_ended THEN block_hours END), 0) AS DOUBLE) AS block_median_hours__censored
FROM mart_block
WHERE
  set_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(set_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown'),
  CAST(block_hours AS DOUBLE);
