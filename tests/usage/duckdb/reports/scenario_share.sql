WITH asked AS (
    SELECT scenario, count(*) AS turns, count(DISTINCT subject) AS users FROM turns WHERE NOT is_internal GROUP BY ALL
),
used AS (
    SELECT
        scenario,
        count(*) AS endings,
        sum(coalesce(input_uncached, 0) + coalesce(input_cached, 0)
            + coalesce(output_visible, 0) + coalesce(output_reasoning, 0))::BIGINT AS tokens,
        least(count(input_uncached), count(input_cached), count(output_visible), count(output_reasoning)) AS known
    FROM records WHERE NOT is_internal GROUP BY ALL
),
spent AS (
    SELECT
        scenario,
        sum(calls)::BIGINT AS calls,
        sum(unpriced_calls)::BIGINT AS unpriced_calls,
        sum(cost_cny) AS cny,
        sum(cost_usd) AS usd
    FROM spent_by_group GROUP BY ALL
)
SELECT
    scenario, turns,
    turns AS turns_share_numerator,
    (sum(turns) OVER ())::BIGINT AS turns_share_denominator,
    tokens,
    endings - known AS tokens_unknown_answers,
    tokens AS tokens_share_numerator,
    (sum(tokens) OVER ())::BIGINT AS tokens_share_denominator,
    calls, unpriced_calls,
    money(cny) AS "cost_CNY",
    money(usd) AS "cost_USD",
    millionths(nearest(1000000 * cny, sum(cny) OVER ())) AS "cost_share_CNY",
    millionths(nearest(1000000 * usd, sum(usd) OVER ())) AS "cost_share_USD",
    users AS active_users,
    users AS users_share_numerator,
    (SELECT count(DISTINCT subject) FROM turns WHERE NOT is_internal) AS users_share_denominator
FROM asked JOIN used USING (scenario) JOIN spent USING (scenario)
