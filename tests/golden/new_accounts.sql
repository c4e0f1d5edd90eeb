SELECT
  CAST(registered_at AS DATE) AS "day",
  COALESCE(CAST(account_kind AS TEXT), 'unknown') AS "account_kind",
  CAST(NULLIF(COUNT_IF((
    account_kind <> 'automatic'
  )), 0) AS DOUBLE) AS new_accounts__value
FROM mart_account
WHERE
  registered_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(registered_at AS DATE),
  COALESCE(CAST(account_kind AS TEXT), 'unknown');

SELECT
  CAST(registered_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  CAST(NULLIF(COUNT_IF((
    account_kind <> 'automatic'
  )), 0) AS DOUBLE) AS new_accounts__value
FROM mart_account
WHERE
  registered_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(registered_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');
