-- One row per key development and audience that may read it.
WITH item AS (
  SELECT DISTINCT
    CAST(happened_on AS TIMESTAMP) AS happened_at,
    title,
    text,
    source,
    wiki,
    pillar,
    is_for_program,
    is_for_executive,
    is_for_public
  FROM raw_developments
  WHERE CAST(happened_on AS TIMESTAMP) < $as_of
)
SELECT happened_at, title, text, source, wiki, pillar, 'program' AS audience
FROM item
WHERE is_for_program
UNION ALL
SELECT happened_at, title, text, source, wiki, pillar, 'executive' AS audience
FROM item
WHERE is_for_executive
UNION ALL
SELECT happened_at, title, text, source, wiki, pillar, 'public' AS audience
FROM item
WHERE is_for_public
