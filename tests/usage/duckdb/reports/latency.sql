WITH measured AS (
    SELECT local_day(occurred_at) AS day, endpoint, measure, list(bucket(ms) ORDER BY bucket(ms)) AS buckets
    FROM (
        UNPIVOT (SELECT *, queue_ms AS queue, first_token_ms AS first_token, duration_ms AS duration FROM records)
        ON queue, first_token, duration
        INTO NAME measure VALUE ms
    )
    WHERE NOT is_internal
    GROUP BY ALL
),
ended AS (
    SELECT local_day(occurred_at) AS day, endpoint, unnest(['queue', 'first_token', 'duration']) AS measure, count(*) AS endings
    FROM records WHERE NOT is_internal GROUP BY day, endpoint
)
SELECT
    day, endpoint, measure, endings,
    coalesce(len(buckets), 0) AS measured,
    percentile_ms(buckets, 0.5) AS p50_ms,
    percentile_ms(buckets, 0.9) AS p90_ms,
    percentile_ms(buckets, 0.95) AS p95_ms,
    percentile_ms(buckets, 0.99) AS p99_ms
FROM ended LEFT JOIN measured USING (day, endpoint, measure)
