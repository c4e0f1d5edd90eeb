SELECT
  CAST(started_at AS DATE) AS "day",
  COALESCE(CAST(platform AS TEXT), 'unknown') AS "platform",
  COALESCE(CAST(cohort AS TEXT), 'unknown') AS "cohort",
  COALESCE(CAST(format AS TEXT), 'unknown') AS "format",
  CAST(CASE
    WHEN is_near
    THEN -(
      (
        hash_of % 4096
      ) * 64 + FLOOR(40 - LN(FLOOR(hash_of / 4096) + 0.75) / LN(2)) + 1
    )
    ELSE hash_of
  END AS DOUBLE) AS "at",
  CAST(NULLIF(COUNT(*), 0) AS DOUBLE) AS event_wikis__seen
FROM (
  SELECT
    *,
    NOT busy_day IS NULL AS is_near,
    CAST('0x' || SUBSTRING(MD5('mart_event.wiki:' || CAST(wiki AS TEXT)), 1, 13) AS BIGINT) AS hash_of
  FROM mart_event
  LEFT JOIN (
    SELECT
      CAST(started_at AS DATE) AS busy_day
    FROM mart_event
    WHERE
      started_at < CAST($as_of AS TIMESTAMP)
    GROUP BY
      CAST(started_at AS DATE)
    HAVING
      COUNT(DISTINCT wiki) > 1000
  ) AS busy
    ON busy.busy_day = CAST(started_at AS DATE)
  WHERE
    NOT wiki IS NULL
) AS told
WHERE
  started_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(started_at AS DATE),
  COALESCE(CAST(platform AS TEXT), 'unknown'),
  COALESCE(CAST(cohort AS TEXT), 'unknown'),
  COALESCE(CAST(format AS TEXT), 'unknown'),
  CAST(CASE
    WHEN is_near
    THEN -(
      (
        hash_of % 4096
      ) * 64 + FLOOR(40 - LN(FLOOR(hash_of / 4096) + 0.75) / LN(2)) + 1
    )
    ELSE hash_of
  END AS DOUBLE);
