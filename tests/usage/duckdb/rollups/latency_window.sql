SELECT window_us(occurred_at) AS window_start, measure, endpoint, is_internal, bucket(ms) AS bucket, count(*) AS generations
FROM (
    UNPIVOT (SELECT *, queue_ms AS queue, first_token_ms AS first_token, duration_ms AS duration FROM records)
    ON queue, first_token, duration
    INTO NAME measure VALUE ms
)
WHERE window_us(occurred_at) >= getvariable('now_us') - 35 * 86400000000
GROUP BY ALL
