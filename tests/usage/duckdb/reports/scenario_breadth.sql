WITH people AS (
    SELECT subject, count(DISTINCT scenario) FILTER (WHERE scenario <> '') AS scenarios
    FROM turns WHERE NOT is_internal AND is_recent(local_day(occurred_at), 28)
    GROUP BY ALL
)
SELECT
    count(*) AS active_users,
    millionths(nearest(1000000 * sum(scenarios), count(*))) AS scenarios_per_user,
    count(*) FILTER (WHERE scenarios = 1) AS one_scenario_share_numerator,
    count(*) AS one_scenario_share_denominator,
    count(*) FILTER (WHERE scenarios >= 3) AS several_scenarios_share_numerator,
    count(*) AS several_scenarios_share_denominator
FROM people
