WITH occurrences AS (
    SELECT subject, 'total' AS grouping, '' AS scenario, is_internal, occurred_at FROM turns
    UNION ALL
    SELECT subject, 'scenario', scenario, is_internal, occurred_at FROM turns WHERE scenario <> ''
    UNION ALL
    SELECT subject, 'seen', scenario, is_internal, occurred_at
    FROM engagements WHERE kind IN ('scenario_seen', 'scenario_chosen') AND scenario <> ''
)
SELECT
    subject, grouping, scenario, is_internal,
    min(local_day(occurred_at)) AS local_day,
    getvariable('zone') AS zone,
    subject NOT IN (SELECT subject FROM campaigns) AS organic
FROM occurrences
GROUP BY ALL
