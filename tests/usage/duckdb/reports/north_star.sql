WITH pleased AS (
    SELECT subject, date_trunc('week', local_day(occurred_at))::DATE AS week
    FROM answers WHERE verdict = 'strict' AND NOT is_internal
    GROUP BY ALL
    HAVING count(DISTINCT local_day(occurred_at)) >= 2
),
people AS (SELECT week, count(*) AS satisfied_twice FROM pleased GROUP BY ALL),
came AS (
    SELECT date_trunc('week', day)::DATE AS week, count(DISTINCT subject) AS active FROM active_days GROUP BY ALL
),
found AS (
    SELECT
        date_trunc('week', local_day(occurred_at))::DATE AS week,
        count(*) FILTER (WHERE verdict = 'strict') AS satisfied_answers
    FROM answers WHERE NOT is_internal GROUP BY ALL
),
spent AS (
    SELECT
        date_trunc('week', day)::DATE AS week,
        sum(calls)::BIGINT AS calls,
        sum(unpriced_calls)::BIGINT AS unpriced_calls,
        sum(cost_cny) AS cny,
        sum(cost_usd) AS usd
    FROM spent_by_group GROUP BY ALL
)
SELECT
    week,
    coalesce(satisfied_twice, 0) AS satisfied_twice,
    coalesce(active, 0) AS active,
    coalesce(satisfied_answers, 0) AS satisfied_answers,
    coalesce(calls, 0) AS calls,
    coalesce(unpriced_calls, 0) AS unpriced_calls,
    money(cny) AS "cost_CNY",
    money(usd) AS "cost_USD",
    CASE WHEN unpriced_calls * 100 <= calls THEN money(nearest(cny, satisfied_answers)) END
        AS "cost_per_satisfied_answer_CNY",
    CASE WHEN unpriced_calls * 100 <= calls THEN money(nearest(usd, satisfied_answers)) END
        AS "cost_per_satisfied_answer_USD"
FROM (SELECT DISTINCT date_trunc('week', day)::DATE AS week FROM days)
LEFT JOIN people USING (week)
LEFT JOIN came USING (week)
LEFT JOIN found USING (week)
LEFT JOIN spent USING (week)
