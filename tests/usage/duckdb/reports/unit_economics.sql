WITH people AS (
    SELECT local_day(occurred_at) AS day, scenario, subject, count(*) AS turns
    FROM turns WHERE NOT is_internal GROUP BY ALL
),
ranked AS (
    SELECT *, row_number() OVER (PARTITION BY day, scenario ORDER BY turns DESC) AS place,
        ceil(count(*) OVER (PARTITION BY day, scenario) / 100) AS top
    FROM people
),
concentration AS (
    SELECT day, scenario, any_value(top)::BIGINT AS top_people, sum(turns) FILTER (WHERE place <= top) AS top_turns
    FROM ranked GROUP BY ALL
),
known AS (
    SELECT
        day, scenario,
        coalesce(COLUMNS(* EXCLUDE (day, scenario, cost_cny, cost_usd, internal_cny, internal_usd, wasted_cny, wasted_usd)), 0),
        cost_cny, cost_usd, internal_cny, internal_usd, wasted_cny, wasted_usd,
        CASE WHEN unpriced_calls * 100 <= calls THEN cost_cny END AS sure_cny,
        CASE WHEN unpriced_calls * 100 <= calls THEN cost_usd END AS sure_usd
    FROM groups
    LEFT JOIN (SELECT day, scenario, turns, active_users FROM asked_by_group) USING (day, scenario)
    LEFT JOIN (SELECT day, scenario, satisfied_strict FROM judged_by_group) USING (day, scenario)
    LEFT JOIN spent_by_group USING (day, scenario)
    LEFT JOIN concentration USING (day, scenario)
)
SELECT
    day, scenario, active_users, turns,
    satisfied_strict AS satisfied_answers,
    calls, unpriced_calls,
    unpriced_calls AS unpriced_share_numerator,
    calls AS unpriced_share_denominator,
    money(cost_cny) AS "cost_CNY",
    money(cost_usd) AS "cost_USD",
    money(internal_cny) AS "cost_internal_CNY",
    money(internal_usd) AS "cost_internal_USD",
    money(wasted_cny) AS "cost_wasted_CNY",
    money(wasted_usd) AS "cost_wasted_USD",
    money(nearest(sure_cny, active_users)) AS "cost_per_active_user_CNY",
    money(nearest(sure_usd, active_users)) AS "cost_per_active_user_USD",
    money(nearest(sure_cny, turns)) AS "cost_per_turn_CNY",
    money(nearest(sure_usd, turns)) AS "cost_per_turn_USD",
    money(nearest(sure_cny, satisfied_strict)) AS "cost_per_satisfied_answer_CNY",
    money(nearest(sure_usd, satisfied_strict)) AS "cost_per_satisfied_answer_USD",
    top_people,
    top_turns AS top_share_numerator,
    turns AS top_share_denominator
FROM known
