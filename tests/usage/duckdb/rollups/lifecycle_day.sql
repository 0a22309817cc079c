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
)
SELECT
    period,
    start AS period_start,
    organic,
    getvariable('zone') AS zone,
    count(*) FILTER (WHERE state <> 'dormant') AS active,
    count(*) FILTER (WHERE state = 'new') AS new,
    count(*) FILTER (WHERE state = 'returning') AS returning,
    count(*) FILTER (WHERE state = 'resurrecting') AS resurrecting,
    count(*) FILTER (WHERE state = 'dormant') AS dormant
FROM states
GROUP BY ALL
