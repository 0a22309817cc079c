WITH spans AS (SELECT unnest([7, 28]) AS span),
days AS (
    SELECT subject, organic, day, FALSE AS valued FROM active_days
    UNION ALL
    SELECT subject, organic, day, TRUE FROM active_days WHERE valued
),
people AS (
    SELECT (day + ago)::DATE AS local_day, span, valued, subject, organic, count(*) AS active_days
    FROM days CROSS JOIN spans CROSS JOIN (SELECT unnest(range(28))::INT AS ago)
    WHERE ago < span
    GROUP BY ALL
)
SELECT local_day, getvariable('zone') AS zone, span, valued, active_days, organic, count(*) AS people
FROM people
GROUP BY ALL
