WITH runs AS (
    SELECT
        call_of, epoch,
        list(endpoint ORDER BY attempt) AS endpoints,
        min(occurred_at) AS begun,
        arg_max(error, attempt) AS last_error
    FROM calls WHERE purpose = 'answer' GROUP BY ALL
)
SELECT
    endpoints[1] AS endpoint,
    count(*) AS asked_first,
    count(*) FILTER (WHERE list_unique(endpoints) > 1) AS failed_over,
    count(*) FILTER (WHERE list_unique(endpoints) > 1) AS failover_rate_numerator,
    count(*) AS failover_rate_denominator,
    count(*) FILTER (WHERE list_unique(endpoints) > 1 AND last_error = '') AS answered_elsewhere
FROM runs WHERE is_recent(local_day(begun), 28)
GROUP BY ALL
