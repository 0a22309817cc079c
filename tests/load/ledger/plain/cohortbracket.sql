INSERT INTO plain_usage_cohortbracket (cohort, first_n, last_n, organic, zone, members, active)
SELECT
    first.local_day, first_n, last_n, first.organic, 'Asia/Shanghai',
    count(DISTINCT first.subject),
    count(DISTINCT first.subject) FILTER (WHERE came.local_day - first.local_day BETWEEN first_n AND last_n)
FROM usage_firstday AS first
JOIN usage_userday AS came ON came.subject = first.subject AND came.turns > 0 AND NOT came.is_internal
CROSS JOIN (VALUES (1, 1), (2, 7), (8, 14), (15, 28)) AS brackets (first_n, last_n)
WHERE first.grouping = 'total' AND NOT first.is_internal
GROUP BY first.local_day, first_n, last_n, first.organic
