INSERT INTO plain_usage_activespread (local_day, zone, span, valued, active_days, organic, people)
WITH days AS (
    SELECT DISTINCT subject, organic, local_day, FALSE AS valued FROM usage_userday WHERE NOT is_internal AND turns > 0
    UNION ALL
    SELECT DISTINCT subject, organic, local_day, TRUE FROM usage_userday WHERE NOT is_internal AND valued > 0
),
people AS (
    SELECT local_day + ago AS local_day, span, valued, subject, organic, count(*) AS active_days
    FROM days CROSS JOIN (VALUES (7), (28)) AS spans (span) CROSS JOIN generate_series(0, 27) AS ago
    WHERE ago < span
    GROUP BY local_day + ago, span, valued, subject, organic
)
SELECT local_day, 'Asia/Shanghai', span, valued, active_days, organic, count(*)
FROM people GROUP BY local_day, span, valued, active_days, organic
