SELECT
    local_day(occurred_at) AS local_day,
    getvariable('zone') AS zone,
    measure, scenario, model, endpoint, channel, is_internal,
    subject NOT IN (SELECT subject FROM campaigns) AS organic,
    bucket(ms) AS bucket,
    count(*) AS generations
FROM (
    UNPIVOT (
        SELECT
            *, queue_ms AS queue, first_token_ms AS first_token, duration_ms AS duration,
            tenths(token_source, output_visible, output_reasoning, first_token_ms, duration_ms) AS speed
        FROM records
    )
    ON queue, first_token, duration, speed
    INTO NAME measure VALUE ms
)
GROUP BY ALL
