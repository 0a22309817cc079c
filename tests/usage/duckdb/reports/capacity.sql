WITH parts AS (
    SELECT
        endpoint,
        local_day(make_timestamptz(quarter)) AS day,
        quarter,
        greatest(epoch_us(occurred_at), quarter) AS start,
        least(epoch_us(ended_at), quarter + 900000000) AS stop,
        quarter <= epoch_us(occurred_at) AS is_beginning,
        error <> '' AS has_failed
    FROM (
        SELECT
            *,
            unnest(range(
                window_us(occurred_at), greatest(epoch_us(ended_at), window_us(occurred_at) + 1), 900000000
            )) AS quarter
        FROM calls
    )
),
changes AS (
    SELECT endpoint, day, quarter, start AS moment, 1 AS change FROM parts
    UNION ALL
    SELECT endpoint, day, quarter, stop, -1 FROM parts
),
running AS (
    SELECT endpoint, day, sum(change) OVER (PARTITION BY endpoint, quarter ORDER BY moment, change ROWS UNBOUNDED PRECEDING) AS at_once
    FROM changes
),
peaks AS (SELECT endpoint, day, greatest(max(at_once), 0)::BIGINT AS peak FROM running GROUP BY ALL),
waits AS (
    SELECT local_day(occurred_at) AS day, endpoint, list(bucket(queue_ms) ORDER BY bucket(queue_ms)) AS buckets
    FROM records
    WHERE queue_ms IS NOT NULL AND window_us(occurred_at) >= getvariable('now_us') - 35 * 86400000000
    GROUP BY ALL
),
summed AS (
    SELECT
        day, endpoint,
        count(*) FILTER (WHERE is_beginning) AS calls,
        count(*) FILTER (WHERE is_beginning AND has_failed) AS failed,
        sum(greatest(stop // 1000 - start // 1000, 0))::BIGINT AS busy
    FROM parts GROUP BY ALL
)
SELECT
    day, endpoint, calls,
    failed AS failed_calls,
    failed AS error_rate_numerator,
    calls AS error_rate_denominator,
    busy AS busy_ms,
    millionths(nearest(busy::HUGEINT * 1000000, elapsed_ms(day))) AS mean_concurrency,
    peak AS peak_concurrency,
    -- Facts do not know limits, and the catalog has none of the simulated endpoints.
    NULL AS endpoint_limit,
    NULL AS mean_of_limit,
    NULL AS peak_of_limit_numerator,
    NULL AS peak_of_limit_denominator,
    percentile_ms(buckets, 0.95) AS queue_p95_ms
FROM summed JOIN peaks USING (day, endpoint) LEFT JOIN waits USING (day, endpoint)
