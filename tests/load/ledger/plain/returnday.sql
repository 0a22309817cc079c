INSERT INTO plain_usage_returnday (
    local_day, zone, grouping, scenario, valued, organic, since_last, people
)
SELECT local_day, zone, grouping, scenario, valued, organic, coalesce(least(since_last, 92), 92), count(*)
FROM (
    SELECT *, local_day - lag(local_day) OVER (
        PARTITION BY grouping, scenario, valued, subject ORDER BY local_day
    ) AS since_last
    FROM (
        SELECT DISTINCT local_day, zone, subject, organic, grouping, of_value AS valued,
            CASE grouping WHEN 'scenario' THEN scenario ELSE '' END AS scenario
        FROM usage_userday
        CROSS JOIN unnest(ARRAY['total', 'scenario']) AS grouping
        CROSS JOIN unnest(ARRAY[FALSE, TRUE]) AS of_value
        WHERE NOT is_internal AND CASE WHEN of_value THEN valued > 0 ELSE turns > 0 END
    ) AS here
) AS apart
GROUP BY local_day, zone, grouping, scenario, valued, organic, 7
