WITH runs AS (
    SELECT
        call_of, epoch,
        arg_min(endpoint, attempt) AS first_endpoint,
        list_unique(list(endpoint)) > 1 AS went_on,
        list_unique(list(endpoint)) > 1 AND arg_max(error, attempt) = '' AS was_answered
    FROM calls GROUP BY ALL
),
superseded AS (
    SELECT DISTINCT generation, local_day(engagements.asked_at) AS asked_on
    FROM records JOIN engagements USING (answer)
    WHERE engagements.kind IN ('regenerated', 'edited')
)
SELECT
    local_day(occurred_at) AS local_day,
    getvariable('zone') AS zone,
    scenario, model, endpoint, channel, currency,
    count(*) FILTER (WHERE attempt = 1) AS asked_first,
    count(*) FILTER (WHERE attempt = 1 AND went_on) AS failed_over,
    count(*) FILTER (WHERE attempt = 1 AND was_answered) AS answered_elsewhere,
    sum(cost_pico) FILTER (WHERE is_superseded) // 1000000000000 AS superseded_units,
    sum(cost_pico) FILTER (WHERE is_superseded) % 1000000000000 AS superseded_rest_pico
FROM (
    SELECT *, error = '' AND EXISTS (
        FROM superseded WHERE generation = call_of AND local_day(occurred_at) - asked_on IN (0, 1)
    ) AS is_superseded
    FROM calls JOIN runs USING (call_of, epoch) WHERE purpose = 'answer'
)
GROUP BY ALL
