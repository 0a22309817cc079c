WITH lives AS (
    SELECT DISTINCT
        subject, organic, period,
        date_trunc(period, first)::DATE AS cohort,
        date_diff('day', date_trunc(period, first), date_trunc(period, day)) // (CASE period WHEN 'day' THEN 1 ELSE 7 END) AS n
    FROM active_days JOIN first_days USING (subject, organic) CROSS JOIN (SELECT unnest(['day', 'week']) AS period)
),
looked_at AS (SELECT * FROM lives WHERE n <= CASE period WHEN 'day' THEN 56 ELSE 8 END),
cohorts AS (
    SELECT period, cohort, organic, count(DISTINCT subject) AS members, max(n) AS last_n FROM looked_at GROUP BY ALL
),
cells AS (SELECT *, unnest(range(last_n + 1)) AS n FROM cohorts)
SELECT
    cells.period, cells.cohort, cells.n, cells.organic,
    getvariable('zone') AS zone,
    cells.members,
    count(DISTINCT subject) FILTER (WHERE looked_at.n = cells.n) AS "on",
    count(DISTINCT subject) AS on_or_after
FROM cells JOIN looked_at ON
    looked_at.period = cells.period AND looked_at.cohort = cells.cohort
    AND looked_at.organic = cells.organic AND looked_at.n >= cells.n
GROUP BY ALL
