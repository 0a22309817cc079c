WITH ended AS (
    SELECT local_day(occurred_at) AS day, endpoint, error, count(*) AS calls FROM calls GROUP BY ALL
)
SELECT
    *,
    calls AS share_of_calls_numerator,
    sum(calls) OVER (PARTITION BY day, endpoint)::BIGINT AS share_of_calls_denominator
FROM ended
