WITH periods AS (
    SELECT DISTINCT subject, organic, period, date_trunc(period, day)::DATE AS start
    FROM active_days CROSS JOIN (SELECT unnest(['day', 'week', 'month']) AS period)
),
steps AS (
    SELECT
        *,
        (start + to_days(1) * (CASE period WHEN 'day' THEN 1 WHEN 'week' THEN 7 ELSE 31 END)) AS somewhere_after,
        lag(start) OVER each AS before,
        lead(start) OVER each AS after
    FROM periods WINDOW each AS (PARTITION BY subject, period ORDER BY start)
),
states AS (
    SELECT
        period, start, organic,
        CASE
            WHEN before IS NULL THEN 'new'
            WHEN date_trunc(period, start - INTERVAL 1 DAY)::DATE = before THEN 'returning'
            ELSE 'resurrecting'
        END AS state
    FROM steps
    UNION ALL
    SELECT period, date_trunc(period, somewhere_after)::DATE, organic, 'dormant'
    FROM steps WHERE after IS NULL OR after <> date_trunc(period, somewhere_after)::DATE
),
pleased AS (
    SELECT subject, period, date_trunc(period, local_day(occurred_at))::DATE AS start
    FROM answers CROSS JOIN (SELECT unnest(['day', 'week', 'month']) AS period)
    WHERE verdict = 'strict' AND NOT is_internal
    GROUP BY ALL
    HAVING count(DISTINCT local_day(occurred_at)) >= 2
),
counted AS (
    FROM states
    UNION ALL
    SELECT period, start, subject NOT IN (SELECT subject FROM campaigns), 'satisfied twice' FROM pleased
)
SELECT
    period,
    start AS period_start,
    organic,
    getvariable('zone') AS zone,
    count(*) FILTER (WHERE state IN ('new', 'returning', 'resurrecting')) AS active,
    count(*) FILTER (WHERE state = 'new') AS new,
    count(*) FILTER (WHERE state = 'returning') AS returning,
    count(*) FILTER (WHERE state = 'resurrecting') AS resurrecting,
    count(*) FILTER (WHERE state = 'dormant') AS dormant,
    count(*) FILTER (WHERE state = 'satisfied twice') AS satisfied_twice
FROM counted
GROUP BY ALL
