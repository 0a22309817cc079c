INSERT INTO plain_usage_latencyday (
    local_day, zone, measure, scenario, model, endpoint, channel, is_internal, organic, bucket, generations
)
SELECT local_day, zone, measure, scenario, model, endpoint, channel, is_internal, campaign IS NULL, bucket, count(*)
FROM usage_usagerecord LEFT JOIN usage_acquisition USING (subject)
CROSS JOIN LATERAL (
    VALUES ('queue', queue_bucket), ('first_token', first_token_bucket), ('duration', duration_bucket), ('speed', speed_bucket)
) AS measured (measure, bucket)
WHERE bucket IS NOT NULL
GROUP BY local_day, zone, measure, scenario, model, endpoint, channel, is_internal, campaign IS NULL, bucket
