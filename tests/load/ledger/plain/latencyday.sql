INSERT INTO plain_usage_latencyday (
    local_day, zone, measure, scenario, model, endpoint, channel, is_internal, bucket, generations
)
SELECT local_day, zone, measure, scenario, model, endpoint, channel, is_internal, bucket, count(*)
FROM usage_usagerecord
CROSS JOIN LATERAL (
    VALUES ('queue', queue_bucket), ('first_token', first_token_bucket), ('duration', duration_bucket), ('speed', speed_bucket)
) AS measured (measure, bucket)
WHERE bucket IS NOT NULL
GROUP BY local_day, zone, measure, scenario, model, endpoint, channel, is_internal, bucket
