WITH seen AS (
    SELECT subject, scenario, min(local_day(occurred_at)) AS sight
    FROM engagements WHERE kind IN ('scenario_seen', 'scenario_chosen') AND NOT is_internal GROUP BY ALL
),
tries AS (
    SELECT subject, scenario, min(local_day(occurred_at)) AS tried
    FROM turns WHERE scenario <> '' AND NOT is_internal GROUP BY ALL
),
checks ("check", found, found_of, amber_per_mille, red_per_mille) AS (
    -- Nobody simulated has a conversation: there is no ended answer of the other half to be held against these facts.
    SELECT 'missing_facts', 0, 0, 0, 0
    UNION ALL
    SELECT 'uncounted_facts', 0, (SELECT count(*) FROM records), 0, 0
    UNION ALL
    SELECT 'oldest_mark', NULL, NULL, 0, 0
    UNION ALL
    SELECT 'estimated_tokens', count(*) FILTER (WHERE token_source <> 'reported'), count(*), 100, 300 FROM records
    UNION ALL
    SELECT 'unpriced_calls', count(*) FILTER (WHERE cost_pico IS NULL), count(*), 0, 10 FROM calls
    UNION ALL
    SELECT 'page_events', count(*) FILTER (WHERE sight IS NULL OR sight > tried), count(*), 200, 500
    FROM tries LEFT JOIN seen USING (subject, scenario)
    UNION ALL
    SELECT 'late_facts', 0, NULL, 0, 0
    UNION ALL
    SELECT 'erased_people', 0, NULL, 0, 0
)
SELECT
    "check",
    CASE
        WHEN found * 1000 > red_per_mille * found_of THEN 'red'
        WHEN found * 1000 > amber_per_mille * found_of THEN 'amber'
        ELSE 'green'
    END AS status,
    found, found_of,
    CASE WHEN found_of IS NOT NULL THEN found END AS found_share_numerator,
    found_of AS found_share_denominator
FROM checks
