SELECT
  CAST(decided_at AS DATE) AS "day",
  COALESCE(CAST(body AS TEXT), 'unknown') AS "body",
  COALESCE(CAST(outcome AS TEXT), 'unknown') AS "outcome",
  CAST(CASE
    WHEN is_near
    THEN SIGN(days_to_decision) * (
      FLOOR(LN(NULLIF(ABS(days_to_decision), 0)) * 50.5 + 0.5) + 40000
    )
    ELSE days_to_decision
  END AS DOUBLE) AS "at",
  CASE WHEN NOT is_near THEN CAST(NULLIF(COUNT(*), 0) AS DOUBLE) END AS appeal_decision_median_days__event,
  CASE WHEN is_near THEN CAST(NULLIF(COUNT(*), 0) AS DOUBLE) END AS appeal_decision_median_days__near
FROM (
  SELECT
    *,
    NOT busy_day IS NULL
    AND (
      ABS(days_to_decision) > 50 OR days_to_decision <> FLOOR(days_to_decision)
    ) AS is_near
  FROM mart_appeal_decision
  LEFT JOIN (
    SELECT
      CAST(decided_at AS DATE) AS busy_day
    FROM mart_appeal_decision
    WHERE
      decided_at < CAST($as_of AS TIMESTAMP)
    GROUP BY
      CAST(decided_at AS DATE)
    HAVING
      COUNT(days_to_decision) > 1000
  ) AS busy
    ON busy.busy_day = CAST(decided_at AS DATE)
  WHERE
    NOT days_to_decision IS NULL
) AS told
WHERE
  decided_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(decided_at AS DATE),
  COALESCE(CAST(body AS TEXT), 'unknown'),
  COALESCE(CAST(outcome AS TEXT), 'unknown'),
  CAST(CASE
    WHEN is_near
    THEN SIGN(days_to_decision) * (
      FLOOR(LN(NULLIF(ABS(days_to_decision), 0)) * 50.5 + 0.5) + 40000
    )
    ELSE days_to_decision
  END AS DOUBLE),
  is_near;
