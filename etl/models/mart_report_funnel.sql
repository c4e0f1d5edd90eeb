-- One row per funnel of the report form whose beginning is there, with how far the person came.
WITH placed AS (
  SELECT
    *,
    -- Positions say the order; what has none, or the same one, follows the order of receipt.
    ROW_NUMBER() OVER (
      PARTITION BY wiki, funnel_key
      ORDER BY position NULLS LAST, received_at, source, action, subtype
    ) AS place,
    CASE
      WHEN source = 'get_support' AND action = 'click' AND subtype IS NULL THEN 7
      WHEN source IN ('submitted', 'get_support', 'direct_reporting_confirmation') THEN 6
      WHEN source = 'submit_report' AND subtype IN ('submit_report', 'continue') THEN 5
      WHEN source = 'submit' THEN 5
      WHEN source = 'direct_reporting' THEN 4
      WHEN source IN ('describe_unacceptable_behavior', 'submit_report') OR (source = 'form' AND subtype = 'continue') THEN 3
      WHEN source = 'form' THEN 2
      ELSE 1
    END AS step
  FROM core_report_event
  WHERE action <> 'submit'
),
last_said AS (
  SELECT
    *,
    MAX(CASE WHEN funnel_kind IS NOT NULL THEN place END) OVER (PARTITION BY wiki, funnel_key) AS kind_place,
    MAX(CASE WHEN behaviour IS NOT NULL THEN place END) OVER (PARTITION BY wiki, funnel_key) AS behaviour_place,
    MAX(CASE WHEN harm IS NOT NULL THEN place END) OVER (PARTITION BY wiki, funnel_key) AS harm_place
  FROM placed
),
funnel AS (
  SELECT
    wiki,
    funnel_key,
    MAX(CASE WHEN place = 1 THEN received_at END) AS started_at,
    MAX(CASE WHEN place = 1 THEN edit_bucket END) AS edit_bucket,
    MAX(CASE WHEN place = 1 THEN sample_rate END) AS sample_rate,
    MAX(CASE WHEN place = kind_place THEN funnel_kind END) AS funnel_kind,
    MAX(CASE WHEN place = behaviour_place THEN behaviour END) AS behaviour,
    MAX(CASE WHEN place = harm_place THEN harm END) AS harm,
    MAX(step) AS furthest,
    -- Going on from the description is sending, unless the page for a direct report came next.
    COALESCE(MAX(CASE WHEN source = 'describe_unacceptable_behavior' AND subtype = 'continue' THEN place END), 0)
    > COALESCE(MAX(CASE WHEN source = 'direct_reporting' THEN place END), 0) AS is_description_sent,
    MAX(CASE WHEN subtype = 'back' THEN 1 ELSE 0 END) = 1 AS is_backtracked,
    MAX(CASE WHEN source = 'get_support' THEN 1 ELSE 0 END) = 1 AS is_supported
  FROM last_said
  GROUP BY wiki, funnel_key
  HAVING MAX(CASE WHEN place = 1 AND (source IN ('entry', 'email_verification') OR (source = 'form' AND action = 'view')) THEN 1 ELSE 0 END) = 1
),
reached AS (
  SELECT *, CASE WHEN is_description_sent AND furthest < 5 THEN 5 ELSE furthest END AS reached
  FROM funnel
)
SELECT
  wiki, started_at, COALESCE(funnel_kind, 'undecided') AS funnel_kind,
  CASE reached
    WHEN 7 THEN 'support_link' WHEN 6 THEN 'submitted' WHEN 5 THEN 'sent' WHEN 4 THEN 'direct_form'
    WHEN 3 THEN 'description' WHEN 2 THEN 'form' ELSE 'entry'
  END AS furthest_step,
  CASE WHEN reached >= 6 THEN 'submitted' WHEN reached = 5 THEN 'failed' WHEN reached >= 3 THEN 'abandoned' ELSE 'not_started' END AS outcome,
  COALESCE(behaviour, 'none') AS behaviour,
  COALESCE(harm, 'none') AS harm,
  edit_bucket,
  CASE WHEN sample_rate IS NULL THEN 'unsaid' WHEN sample_rate < 1 THEN 'part' ELSE 'everybody' END AS sample,
  sample_rate,
  reached >= 3 AS is_started, reached >= 6 AS is_submitted, reached BETWEEN 3 AND 4 AS is_abandoned,
  is_backtracked, is_supported, reached = 7 AS is_helped_on
FROM reached
