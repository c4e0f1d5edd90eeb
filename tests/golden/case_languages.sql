SELECT
  CAST(opened_at AS DATE) AS "day",
  COALESCE(CAST(queue AS TEXT), 'unknown') AS "queue",
  COALESCE(CAST(channel AS TEXT), 'unknown') AS "channel",
  COALESCE(CAST(priority AS TEXT), 'unknown') AS "priority",
  COALESCE(CAST(urgency AS TEXT), 'unknown') AS "urgency",
  COALESCE(CAST(state AS TEXT), 'unknown') AS "state",
  COALESCE(CAST(satisfaction AS TEXT), 'unknown') AS "satisfaction",
  CAST(CASE
    WHEN is_near
    THEN -(
      (
        hash_of % 4096
      ) * 64 + FLOOR(40 - LN(FLOOR(hash_of / 4096) + 0.75) / LN(2)) + 1
    )
    ELSE hash_of
  END AS DOUBLE) AS "at",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS case_languages__seen
FROM (
  SELECT
    *,
    NOT busy_day IS NULL AS is_near,
    CAST('0x' || SUBSTRING(MD5('mart_case.language:' || CAST(language AS TEXT)), 1, 13) AS BIGINT) AS hash_of
  FROM mart_case
  LEFT JOIN (
    SELECT
      CAST(opened_at AS DATE) AS busy_day
    FROM mart_case
    WHERE
      opened_at < CAST($as_of AS TIMESTAMP)
    GROUP BY
      CAST(opened_at AS DATE)
    HAVING
      COUNT(DISTINCT language) > 1000
  ) AS busy
    ON busy.busy_day = CAST(opened_at AS DATE)
  WHERE
    NOT language IS NULL
) AS told
WHERE
  opened_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(opened_at AS DATE),
  COALESCE(CAST(queue AS TEXT), 'unknown'),
  COALESCE(CAST(channel AS TEXT), 'unknown'),
  COALESCE(CAST(priority AS TEXT), 'unknown'),
  COALESCE(CAST(urgency AS TEXT), 'unknown'),
  COALESCE(CAST(state AS TEXT), 'unknown'),
  COALESCE(CAST(satisfaction AS TEXT), 'unknown'),
  CAST(CASE
    WHEN is_near
    THEN -(
      (
        hash_of % 4096
      ) * 64 + FLOOR(40 - LN(FLOOR(hash_of / 4096) + 0.75) / LN(2)) + 1
    )
    ELSE hash_of
  END AS DOUBLE);
