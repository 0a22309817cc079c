WITH did AS (
    SELECT subject, scenario, local_day(occurred_at) AS day, FALSE AS valued FROM turns WHERE NOT is_internal
    UNION ALL
    SELECT subject, scenario, local_day(occurred_at), TRUE
    FROM records WHERE NOT is_internal AND generation IN (FROM is_valued)
),
came AS (
    SELECT DISTINCT 'total' AS grouping, '' AS scenario, valued, subject, day FROM did
    UNION ALL
    SELECT DISTINCT 'scenario', scenario, valued, subject, day FROM did
),
days_apart AS (
    SELECT *, max(day) OVER (
        PARTITION BY grouping, scenario, valued, subject
        ORDER BY day ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS before
    FROM came
)
SELECT
    day AS local_day,
    getvariable('zone') AS zone,
    grouping, scenario, valued,
    subject NOT IN (SELECT subject FROM campaigns) AS organic,
    coalesce(least(day - before, 92), 92) AS since_last,
    count(*) AS people
FROM days_apart
GROUP BY ALL
