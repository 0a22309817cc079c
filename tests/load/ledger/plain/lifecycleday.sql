INSERT INTO plain_usage_lifecycleday (
    period, period_start, organic, zone, active, new, "returning", resurrecting, dormant, satisfied_twice
)
WITH periods AS (
    SELECT
        subject, organic, period, date_trunc(period, local_day)::date AS start,
        bool_or(turns > 0) AS is_active,
        count(DISTINCT local_day) FILTER (WHERE satisfied > 0) > 1 AS satisfied_twice
    FROM usage_userday CROSS JOIN (VALUES ('day'), ('week'), ('month')) AS periods (period)
    WHERE NOT is_internal
    GROUP BY subject, organic, period, date_trunc(period, local_day)
),
steps AS (
    SELECT
        *,
        date_trunc(
            period, start + CASE period WHEN 'day' THEN 1 WHEN 'week' THEN 7 ELSE 31 END * INTERVAL '1 day'
        )::date AS following,
        date_trunc(period, start - INTERVAL '1 day')::date AS previous,
        lag(start) OVER (PARTITION BY subject, period ORDER BY start) AS before,
        lead(start) OVER (PARTITION BY subject, period ORDER BY start) AS after
    FROM periods WHERE is_active
),
states AS (
    SELECT
        period, start, organic,
        CASE WHEN before IS NULL THEN 'new' WHEN before = previous THEN 'returning' ELSE 'resurrecting' END AS state
    FROM steps
    UNION ALL
    SELECT period, following, organic, 'dormant' FROM steps WHERE after IS DISTINCT FROM following
    UNION ALL
    SELECT period, start, organic, 'satisfied twice' FROM periods WHERE satisfied_twice
)
SELECT
    period, start, organic, 'Asia/Shanghai',
    count(*) FILTER (WHERE state IN ('new', 'returning', 'resurrecting')),
    count(*) FILTER (WHERE state = 'new'),
    count(*) FILTER (WHERE state = 'returning'),
    count(*) FILTER (WHERE state = 'resurrecting'),
    count(*) FILTER (WHERE state = 'dormant'),
    count(*) FILTER (WHERE state = 'satisfied twice')
FROM states GROUP BY period, start, organic
