WITH seen AS (
    SELECT subject, scenario, min(local_day(occurred_at)) AS sight
    FROM engagements
    WHERE kind IN ('scenario_seen', 'scenario_chosen') AND scenario <> '' AND NOT is_internal
    GROUP BY ALL
),
asked AS (
    SELECT DISTINCT subject, scenario, local_day(occurred_at) AS day
    FROM turns WHERE scenario <> '' AND NOT is_internal
),
tries AS (SELECT subject, scenario, min(day) AS tried FROM asked GROUP BY ALL),
pleased AS (
    SELECT DISTINCT subject, scenario, local_day(occurred_at) AS day
    FROM answers WHERE verdict = 'strict' AND NOT is_internal
),
lives AS (
    SELECT
        subject, scenario, sight, tried,
        sight IS NOT NULL AND (tried IS NULL OR tried >= sight) AS is_in_funnel,
        coalesce(tried - sight <= 7, FALSE) AS has_tried,
        EXISTS (
            FROM asked WHERE asked.subject = them.subject AND asked.scenario = them.scenario
            AND day - tried BETWEEN 1 AND 7
        ) AS has_repeated,
        EXISTS (
            FROM asked WHERE asked.subject = them.subject AND asked.scenario = them.scenario
            AND day - tried BETWEEN 15 AND 28
        ) AS was_retained,
        EXISTS (
            FROM pleased WHERE pleased.subject = them.subject AND pleased.scenario = them.scenario
            AND day - tried BETWEEN 0 AND 7
        ) AS was_satisfied
    FROM (FROM seen FULL JOIN tries USING (subject, scenario)) AS them
)
SELECT
    *,
    tried AS tried_share_numerator,
    saw AS tried_share_denominator,
    repeated AS repeated_share_numerator,
    tried AS repeated_share_denominator,
    retained AS retained_share_numerator,
    repeated AS retained_share_denominator,
    satisfied AS satisfied_share_numerator,
    tried AS satisfied_share_denominator
FROM (
    SELECT
        scenario,
        count(*) FILTER (WHERE is_in_funnel) AS saw,
        count(*) FILTER (WHERE is_in_funnel AND has_tried) AS tried,
        count(*) FILTER (WHERE is_in_funnel AND has_tried AND has_repeated) AS repeated,
        count(*) FILTER (WHERE is_in_funnel AND has_tried AND has_repeated AND was_retained) AS retained,
        count(*) FILTER (WHERE is_in_funnel AND has_tried AND was_satisfied) AS satisfied,
        count(*) FILTER (WHERE NOT is_in_funnel) AS organic_tried
    FROM lives
    GROUP BY ALL
)
