SELECT
    local_day(occurred_at) AS local_day,
    first AS cohort,
    organic,
    currency,
    getvariable('zone') AS zone,
    count(*) AS calls,
    count(*) FILTER (WHERE cost_pico IS NULL) AS unpriced,
    (coalesce(sum(cost_pico), 0) // 1000000000000)::BIGINT AS cost_units,
    (coalesce(sum(cost_pico), 0) % 1000000000000)::BIGINT AS cost_rest_pico
FROM calls JOIN first_days USING (subject)
WHERE NOT is_internal AND local_day(occurred_at) - first BETWEEN 0 AND 28
GROUP BY ALL
