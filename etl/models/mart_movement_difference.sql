-- One row per month and thing that two figures tell of: what was published, what its parts or our own count make of it.
WITH wide AS (
  SELECT
    month_at,
    MAX(CASE WHEN measure = 'active_editors' THEN value END) AS active_editors,
    MAX(CASE WHEN measure = 'new_active_editors' THEN value END) AS new_active_editors,
    MAX(CASE WHEN measure = 'returning_active_editors' THEN value END) AS returning_active_editors,
    MAX(CASE WHEN measure = 'total_edits' THEN value END) AS total_edits,
    MAX(CASE WHEN measure = 'anonymous_edits' THEN value END) AS anonymous_edits,
    MAX(CASE WHEN measure = 'non_anonymous_edits' THEN value END) AS non_anonymous_edits,
    CASE
      WHEN MAX(CASE WHEN state = 'restated' THEN 1 ELSE 0 END) = 1 THEN 'restated'
      WHEN MAX(CASE WHEN state = 'provisional' AND measure = 'active_editors' THEN 1 ELSE 0 END) = 1 THEN 'provisional'
      ELSE 'settled'
    END AS state
  FROM core_movement_metric
  WHERE measure IN (
    'active_editors', 'new_active_editors', 'returning_active_editors', 'total_edits', 'anonymous_edits', 'non_anonymous_edits'
  )
  GROUP BY month_at
), editor AS (
  -- The movement's rule: five edits of content or more in the month, on all wikis together, by a person with an account.
  SELECT
    month_at,
    editor_key,
    MIN(registered_at) AS registered_at
  FROM core_editor_month
  WHERE editor_kind = 'account'
  GROUP BY month_at, editor_key
  HAVING SUM(content_edit_count) >= 5
), known AS (
  SELECT
    MIN(known_until_at) AS known_until_at
  FROM core_history_file
), counted AS (
  -- Of months to whose end the history of every wiki is known: without one of them the count would be too small.
  SELECT
    editor.month_at,
    COUNT(*) AS active_editors,
    SUM(CASE WHEN DATE_TRUNC('month', editor.registered_at) = editor.month_at THEN 1 ELSE 0 END) AS new_active_editors
  FROM editor
  INNER JOIN known
    ON editor.month_at + INTERVAL '1' MONTH <= known.known_until_at
  GROUP BY editor.month_at
), compared AS (
  SELECT
    month_at, 'active_editors' AS measure, 'new_and_returning' AS compared_with, active_editors AS theirs,
    new_active_editors + returning_active_editors AS ours, state
  FROM wide
  UNION ALL
  SELECT
    month_at, 'total_edits', 'anonymous_and_non_anonymous', total_edits, anonymous_edits + non_anonymous_edits, state
  FROM wide
  UNION ALL
  SELECT
    wide.month_at, 'active_editors', 'our_own_count', wide.active_editors, CAST(counted.active_editors AS DOUBLE), wide.state
  FROM wide
  INNER JOIN counted
    ON counted.month_at = wide.month_at
  UNION ALL
  SELECT
    wide.month_at, 'new_active_editors', 'our_own_count', wide.new_active_editors, CAST(counted.new_active_editors AS DOUBLE),
    wide.state
  FROM wide
  INNER JOIN counted
    ON counted.month_at = wide.month_at
)
SELECT
  month_at,
  measure,
  compared_with,
  theirs,
  ours,
  theirs - ours AS difference,
  state
FROM compared
WHERE NOT theirs IS NULL AND NOT ours IS NULL
