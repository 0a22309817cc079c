WITH members AS (
    SELECT
        first AS cohort, subject,
        bool_or(day - first BETWEEN 15 AND 28) AS has_stayed
    FROM active_days JOIN first_days USING (subject)
    WHERE is_recent(first, 56)
    GROUP BY ALL
),
people AS (
    SELECT cohort, count(*) AS members, count(*) FILTER (WHERE has_stayed) AS stayed FROM members GROUP BY ALL
),
spent AS (
    SELECT
        cohort,
        count(*) AS calls,
        count(*) FILTER (WHERE cost_pico IS NULL) AS unpriced,
        sum(cost_pico) FILTER (WHERE currency = 'CNY') AS cny,
        sum(cost_pico) FILTER (WHERE currency = 'USD') AS usd
    FROM calls JOIN members USING (subject)
    WHERE NOT is_internal AND local_day(occurred_at) - cohort BETWEEN 0 AND 28
    GROUP BY ALL
)
SELECT
    cohort, members,
    stayed AS retained_members,
    coalesce(calls, 0) AS cohort_calls,
    coalesce(unpriced, 0) AS cohort_unpriced_calls,
    money(cny) AS "cohort_cost_CNY",
    money(usd) AS "cohort_cost_USD",
    CASE WHEN unpriced * 100 <= calls THEN money(nearest(cny, stayed)) END AS "cost_per_retained_user_CNY",
    CASE WHEN unpriced * 100 <= calls THEN money(nearest(usd, stayed)) END AS "cost_per_retained_user_USD"
FROM people LEFT JOIN spent USING (cohort)
