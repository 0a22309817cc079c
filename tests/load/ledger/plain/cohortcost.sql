INSERT INTO plain_usage_cohortcost (
    local_day, cohort, organic, currency, zone, calls, unpriced, cost_units, cost_rest_pico
)
SELECT
    (call.window_start AT TIME ZONE 'Asia/Shanghai')::date, first.local_day, organic, currency, 'Asia/Shanghai',
    count(*), count(*) FILTER (WHERE cost_pico IS NULL),
    coalesce(div(sum(cost_pico), 1000000000000), 0), coalesce(mod(sum(cost_pico), 1000000000000), 0)
FROM usage_upstreamcall AS call JOIN usage_firstday AS first ON first.subject = call.subject
WHERE
    grouping = 'total' AND NOT first.is_internal AND NOT call.is_internal
    AND (call.window_start AT TIME ZONE 'Asia/Shanghai')::date - first.local_day BETWEEN 0 AND 28
GROUP BY 1, first.local_day, organic, currency
