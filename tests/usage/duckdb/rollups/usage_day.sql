SELECT
    local_day(occurred_at) AS local_day,
    getvariable('zone') AS zone,
    source, scenario, model, endpoint, channel, kind, outcome, currency, is_internal, organic,
    sum(cost_pico) // 1000000000000 AS cost_units,
    sum(cost_pico) % 1000000000000 AS cost_rest_pico,
    sum(COLUMNS(* EXCLUDE (
        occurred_at, source, scenario, model, endpoint, channel, kind, outcome, currency, is_internal, organic, cost_pico
    ))) AS '\0'
FROM usage_parts
GROUP BY ALL
