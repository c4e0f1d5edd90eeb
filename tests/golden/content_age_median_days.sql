SELECT
  CAST(applied_at AS DATE) AS "day",
  COALESCE(CAST(platform AS TEXT), 'unknown') AS "platform",
  COALESCE(CAST(category AS TEXT), 'unknown') AS "category",
  COALESCE(CAST(ground AS TEXT), 'unknown') AS "ground",
  COALESCE(CAST(source AS TEXT), 'unknown') AS "source",
  COALESCE(CAST(action AS TEXT), 'unknown') AS "action",
  COALESCE(CAST(automation AS TEXT), 'unknown') AS "automation",
  CAST(CASE
    WHEN is_near
    THEN SIGN(content_age_days) * (
      FLOOR(LN(NULLIF(ABS(content_age_days), 0)) * 50.5 + 0.5) + 40000
    )
    ELSE content_age_days
  END AS DOUBLE) AS "at",
  CASE WHEN NOT is_near THEN CAST(NULLIF(COUNT(*), 0) AS DOUBLE) END AS content_age_median_days__event,
  CASE WHEN is_near THEN CAST(NULLIF(COUNT(*), 0) AS DOUBLE) END AS content_age_median_days__near
FROM (
  SELECT
    *,
    NOT busy_day IS NULL
    AND (
      ABS(content_age_days) > 50 OR content_age_days <> FLOOR(content_age_days)
    ) AS is_near
  FROM mart_statement
  LEFT JOIN (
    SELECT
      CAST(applied_at AS DATE) AS busy_day
    FROM mart_statement
    WHERE
      applied_at < CAST($as_of AS TIMESTAMP)
    GROUP BY
      CAST(applied_at AS DATE)
    HAVING
      COUNT(content_age_days) > 1000
  ) AS busy
    ON busy.busy_day = CAST(applied_at AS DATE)
  WHERE
    NOT content_age_days IS NULL
) AS told
WHERE
  applied_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(applied_at AS DATE),
  COALESCE(CAST(platform AS TEXT), 'unknown'),
  COALESCE(CAST(category AS TEXT), 'unknown'),
  COALESCE(CAST(ground AS TEXT), 'unknown'),
  COALESCE(CAST(source AS TEXT), 'unknown'),
  COALESCE(CAST(action AS TEXT), 'unknown'),
  COALESCE(CAST(automation AS TEXT), 'unknown'),
  CAST(CASE
    WHEN is_near
    THEN SIGN(content_age_days) * (
      FLOOR(LN(NULLIF(ABS(content_age_days), 0)) * 50.5 + 0.5) + 40000
    )
    ELSE content_age_days
  END AS DOUBLE),
  is_near;
