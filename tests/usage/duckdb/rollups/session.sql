SELECT
    subject, is_internal,
    epoch_us(started_at) AS started_at,
    epoch_us(ended_at) AS ended_at,
    local_day(started_at) AS local_day,
    getvariable('zone') AS zone,
    turns,
    (epoch_us(ended_at) - epoch_us(started_at)) // 1000 AS duration_ms
FROM sessions
