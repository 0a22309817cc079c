INSERT INTO plain_usage_callday (
    local_day, zone, scenario, model, endpoint, channel, currency,
    asked_first, failed_over, answered_elsewhere, superseded_units, superseded_rest_pico
)
SELECT
    local_day, zone, scenario, model, endpoint, channel, currency,
    count(*) FILTER (WHERE attempt = 1),
    count(*) FILTER (WHERE attempt = 1 AND went_on),
    count(*) FILTER (WHERE attempt = 1 AND was_answered),
    coalesce(div(sum(cost_pico) FILTER (WHERE is_superseded), 1000000000000), 0),
    coalesce(mod(sum(cost_pico) FILTER (WHERE is_superseded), 1000000000000), 0)
FROM usage_upstreamcall AS call
LEFT JOIN LATERAL (
    SELECT count(*) > 0 AS went_on, count(*) FILTER (WHERE later.error = '') > 0 AS was_answered
    FROM usage_upstreamcall AS later
    WHERE later.call_of = call.call_of AND later.epoch = call.epoch AND later.attempt > 1
        AND later.endpoint <> call.endpoint
) AS elsewhere ON call.attempt = 1
LEFT JOIN LATERAL (
    SELECT error = '' AND EXISTS (
        SELECT FROM usage_usagerecord AS record JOIN usage_engagementevent AS signal USING (answer)
        WHERE record.generation = call.call_of AND signal.kind IN ('regenerated', 'edited')
            AND call.local_day - (signal.asked_at AT TIME ZONE 'Asia/Shanghai')::date IN (0, 1)
    ) AS is_superseded
) AS again ON true
WHERE purpose = 'answer'
GROUP BY local_day, zone, scenario, model, endpoint, channel, currency
