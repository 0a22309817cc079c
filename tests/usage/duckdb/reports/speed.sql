WITH timed AS (
    SELECT
        endpoint,
        CASE
            WHEN token_source = 'reported' AND first_token_ms < duration_ms
            THEN (output_visible + coalesce(output_reasoning, 0)) * 10000 // (duration_ms - first_token_ms)
        END AS tenths
    FROM records WHERE NOT is_internal AND is_recent(local_day(occurred_at), 28)
),
sorted AS (
    SELECT endpoint, count(*) AS endings, list(tenths ORDER BY tenths) FILTER (WHERE tenths IS NOT NULL) AS speeds
    FROM timed GROUP BY ALL
)
SELECT
    endpoint, endings,
    coalesce(len(speeds), 0) AS timed_answers,
    speeds[ceil(0.5 * len(speeds))::BIGINT]::DECIMAL(18, 0) * 0.1 AS tokens_per_s_p50,
    speeds[ceil(0.1::DOUBLE * len(speeds))::BIGINT]::DECIMAL(18, 0) * 0.1 AS tokens_per_s_p10,
    speeds[ceil(0.05::DOUBLE * len(speeds))::BIGINT]::DECIMAL(18, 0) * 0.1 AS tokens_per_s_p5
FROM sorted
