INSERT INTO plain_usage_conversationday (
    local_day, zone, grouping, scenario, channel, since_last, since_second_last, turns, turns_all
)
SELECT
    local_day, zone, grouping, scenario, channel,
    coalesce(least(local_day - last, 62), 62) AS since_last,
    coalesce(least(local_day - second_last, 62), 62) AS since_second_last,
    count(*) FILTER (WHERE NOT everybody),
    count(*) FILTER (WHERE everybody)
FROM (
    SELECT *, lag(local_day) OVER earlier AS last, lag(local_day, 2) OVER earlier AS second_last
    FROM (
        SELECT local_day, zone, conversation, everybody, grouping,
            CASE grouping WHEN 'scenario' THEN scenario ELSE '' END AS scenario,
            CASE grouping WHEN 'channel' THEN channel ELSE '' END AS channel
        FROM usage_turnaccepted
        CROSS JOIN unnest(ARRAY['total', 'scenario', 'channel']) AS grouping
        CROSS JOIN unnest(ARRAY[FALSE, TRUE]) AS everybody
        WHERE conversation IS NOT NULL AND (everybody OR NOT is_internal)
    ) AS told
    WINDOW earlier AS (PARTITION BY conversation, everybody, grouping, scenario, channel ORDER BY local_day)
) AS placed
GROUP BY local_day, zone, grouping, scenario, channel, 6, 7
