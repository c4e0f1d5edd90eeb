WITH scan AS (
  SELECT
    CAST(registered_at AS DATE) AS day,
    COALESCE(CAST(account_kind AS TEXT), 'unknown') AS account_kind,
    COUNT(*) FILTER(WHERE
      (
        account_kind <> 'automatic'
      )) AS part_0
  FROM mart_account
  WHERE
    registered_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(registered_at AS DATE),
    COALESCE(CAST(account_kind AS TEXT), 'unknown')
)
SELECT
  'new_accounts' AS metric,
  'account_kind' AS split,
  CAST([account_kind] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;

WITH scan AS (
  SELECT
    CAST(registered_at AS DATE) AS day,
    COALESCE(CAST(wiki AS TEXT), 'unknown') AS wiki,
    COUNT(*) FILTER(WHERE
      (
        account_kind <> 'automatic'
      )) AS part_0
  FROM mart_account
  WHERE
    registered_at < CAST($as_of AS TIMESTAMP)
  GROUP BY
    CAST(registered_at AS DATE),
    COALESCE(CAST(wiki AS TEXT), 'unknown')
)
SELECT
  'new_accounts' AS metric,
  'wiki' AS split,
  CAST([wiki] AS TEXT[]) AS members,
  day,
  'value' AS part,
  CAST(NULL AS DOUBLE) AS "at",
  CAST(NULL AS TEXT) AS stratum,
  CAST(part_0 AS DOUBLE) AS value
FROM scan
WHERE
  part_0 <> 0;
