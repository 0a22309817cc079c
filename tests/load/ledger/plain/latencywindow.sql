INSERT INTO plain_usage_latencywindow (window_start, measure, endpoint, is_internal, bucket, generations)
SELECT window_start, measure, endpoint, is_internal, bucket, count(*)
FROM usage_usagerecord
CROSS JOIN LATERAL (
    VALUES ('queue', queue_bucket), ('first_token', first_token_bucket), ('duration', duration_bucket)
) AS measured (measure, bucket)
WHERE bucket IS NOT NULL AND window_start >= (SELECT scanned_at - INTERVAL '35 days' FROM usage_rollupscan)
GROUP BY window_start, measure, endpoint, is_internal, bucket
