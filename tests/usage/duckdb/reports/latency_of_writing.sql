-- Of one scenario, on the web, by one endpoint.
WITH ours AS (
    SELECT local_day(occurred_at) AS day, queue_ms AS queue, first_token_ms AS first_token, duration_ms AS duration
    FROM records
    WHERE NOT is_internal AND scenario = 'write' AND channel = 'web' AND endpoint = 'cloud'
),
measured AS (
    SELECT day, measure, list(bucket(ms) ORDER BY bucket(ms)) AS buckets
    FROM (UNPIVOT ours ON queue, first_token, duration INTO NAME measure VALUE ms)
    GROUP BY ALL
),
ended AS (
    SELECT day, unnest(['queue', 'first_token', 'duration']) AS measure, count(*) AS endings FROM ours GROUP BY day
)
SELECT
    day, measure, endings,
    coalesce(len(buckets), 0) AS measured,
    percentile_ms(buckets, 0.5) AS p50_ms,
    percentile_ms(buckets, 0.9) AS p90_ms,
    percentile_ms(buckets, 0.95) AS p95_ms,
    percentile_ms(buckets, 0.99) AS p99_ms
FROM ended LEFT JOIN measured USING (day, measure)
