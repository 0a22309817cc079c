WITH timed AS (
    SELECT
        endpoint,
        bucket(tenths(token_source, output_visible, output_reasoning, first_token_ms, duration_ms)) AS bucket
    FROM records WHERE NOT is_internal AND is_recent(local_day(occurred_at), 28)
),
sorted AS (
    SELECT endpoint, count(*) AS endings, list(bucket ORDER BY bucket) FILTER (WHERE bucket IS NOT NULL) AS speeds
    FROM timed GROUP BY ALL
)
SELECT
    endpoint, endings,
    coalesce(len(speeds), 0) AS timed_answers,
    percentile_ms(speeds, 0.5)::DECIMAL(18, 0) * 0.1 AS tokens_per_s_p50,
    percentile_ms(speeds, 0.1)::DECIMAL(18, 0) * 0.1 AS tokens_per_s_p10,
    percentile_ms(speeds, 0.05)::DECIMAL(18, 0) * 0.1 AS tokens_per_s_p5
FROM sorted
