WITH each AS (
    SELECT 'total' AS grouping, '' AS scenario, '' AS channel, conversation, is_internal, occurred_at FROM turns
    UNION ALL
    SELECT 'scenario', scenario, '', conversation, is_internal, occurred_at FROM turns
    UNION ALL
    SELECT 'channel', '', channel, conversation, is_internal, occurred_at FROM turns
),
told AS (
    SELECT *, 'turns' AS what FROM each WHERE NOT is_internal
    UNION ALL
    SELECT *, 'turns_all' FROM each
),
placed AS (
    SELECT
        what, grouping, scenario, channel, local_day(occurred_at) AS day,
        list(local_day(occurred_at)) OVER (
            PARTITION BY what, grouping, scenario, channel, conversation
            ORDER BY occurred_at ROWS BETWEEN 2 PRECEDING AND 1 PRECEDING
        ) AS before
    FROM told
)
SELECT
    day AS local_day,
    getvariable('zone') AS zone,
    grouping, scenario, channel,
    coalesce(least(day - before[-1], 62), 62) AS since_last,
    coalesce(least(day - before[-2], 62), 62) AS since_second_last,
    count(*) FILTER (WHERE what = 'turns') AS turns,
    count(*) FILTER (WHERE what = 'turns_all') AS turns_all
FROM placed
GROUP BY ALL
