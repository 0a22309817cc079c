SELECT
    local_day(started_at) AS local_day,
    is_internal,
    getvariable('zone') AS zone,
    count(*) AS sessions,
    count(DISTINCT subject) AS people,
    sum(turns) AS turns,
    sum((epoch_us(ended_at) - epoch_us(started_at)) // 1000) AS duration_ms,
    count(*) FILTER (WHERE turns = 1) AS one_turn
FROM sessions
GROUP BY ALL
