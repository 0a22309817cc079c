WITH lives AS (
    SELECT subject, organic, first AS cohort, day - first AS n FROM active_days JOIN first_days USING (subject, organic)
),
brackets AS (SELECT * FROM (VALUES (1, 1), (2, 7), (8, 14), (15, 28)) AS of_days (first_n, last_n))
SELECT
    cohort, first_n, last_n, organic,
    getvariable('zone') AS zone,
    count(DISTINCT subject) AS members,
    count(DISTINCT subject) FILTER (WHERE n BETWEEN first_n AND last_n) AS active
FROM lives CROSS JOIN brackets
GROUP BY ALL
