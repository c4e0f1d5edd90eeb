SELECT
  CAST(registered_at AS DATE) AS "day",
  COALESCE(CAST(account_kind AS TEXT), 'unknown') AS "account_kind",
  CAST(NULLIF(
    COUNT_IF(
      (
        has_edited_within_30d AND has_edited_in_second_30d
      )
      AND registered_at + INTERVAL '5184000' SECOND <= CAST($as_of AS TIMESTAMP)
    ),
    0
  ) AS DOUBLE) AS new_editor_retention_share__numerator,
  CAST(NULLIF(
    COUNT_IF(
      (
        has_edited_within_30d
      )
      AND registered_at + INTERVAL '5184000' SECOND <= CAST($as_of AS TIMESTAMP)
    ),
    0
  ) AS DOUBLE) AS new_editor_retention_share__denominator
FROM mart_new_editor
WHERE
  registered_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(registered_at AS DATE),
  COALESCE(CAST(account_kind AS TEXT), 'unknown');

SELECT
  CAST(registered_at AS DATE) AS "day",
  COALESCE(CAST(wiki AS TEXT), 'unknown') AS "wiki",
  CAST(NULLIF(
    COUNT_IF(
      (
        has_edited_within_30d AND has_edited_in_second_30d
      )
      AND registered_at + INTERVAL '5184000' SECOND <= CAST($as_of AS TIMESTAMP)
    ),
    0
  ) AS DOUBLE) AS new_editor_retention_share__numerator,
  CAST(NULLIF(
    COUNT_IF(
      (
        has_edited_within_30d
      )
      AND registered_at + INTERVAL '5184000' SECOND <= CAST($as_of AS TIMESTAMP)
    ),
    0
  ) AS DOUBLE) AS new_editor_retention_share__denominator
FROM mart_new_editor
WHERE
  registered_at < CAST($as_of AS TIMESTAMP)
GROUP BY
  CAST(registered_at AS DATE),
  COALESCE(CAST(wiki AS TEXT), 'unknown');
