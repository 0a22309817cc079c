SELECT
    local_day(occurred_at) AS local_day,
    getvariable('zone') AS zone,
    measure, scenario, model, endpoint, channel, is_internal,
    bucket(ms) AS bucket,
    count(*) AS generations
FROM (
    UNPIVOT (SELECT *, queue_ms AS queue, first_token_ms AS first_token, duration_ms AS duration FROM records)
    ON queue, first_token, duration
    INTO NAME measure VALUE ms
)
GROUP BY ALL
