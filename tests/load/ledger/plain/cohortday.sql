INSERT INTO plain_usage_cohortday (period, cohort, n, organic, zone, members, "on", on_or_after)
WITH lives AS (
    SELECT DISTINCT
        first.subject, first.organic, period,
        date_trunc(period, first.local_day)::date AS cohort,
        (date_trunc(period, came.local_day)::date - date_trunc(period, first.local_day)::date)
            / CASE period WHEN 'day' THEN 1 ELSE 7 END AS n
    FROM usage_firstday AS first
    JOIN usage_userday AS came ON came.subject = first.subject AND came.turns > 0 AND NOT came.is_internal
    CROSS JOIN (VALUES ('day'), ('week')) AS periods (period)
    WHERE first.grouping = 'total' AND NOT first.is_internal AND came.local_day - first.local_day < 70
),
looked_at AS (SELECT * FROM lives WHERE n <= CASE period WHEN 'day' THEN 56 ELSE 8 END),
cohorts AS (
    SELECT period, cohort, organic, count(DISTINCT subject) AS members, max(n) AS last_n
    FROM looked_at GROUP BY period, cohort, organic
)
SELECT
    period, cohort, cells.n, organic, 'Asia/Shanghai', min(members),
    count(DISTINCT subject) FILTER (WHERE looked_at.n = cells.n), count(DISTINCT subject)
FROM cohorts CROSS JOIN LATERAL generate_series(0, last_n) AS cells (n) JOIN looked_at USING (period, cohort, organic)
WHERE looked_at.n >= cells.n
GROUP BY period, cohort, cells.n, organic
