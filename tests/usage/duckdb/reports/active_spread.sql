WITH people AS (
    SELECT
        (active_days.day + ago)::DATE AS day, span, subject,
        count(*) AS came,
        count(*) FILTER (WHERE valued) AS of_value
    FROM active_days, lookback, (SELECT unnest([7, 28]) AS span)
    WHERE ago < span
    GROUP BY ALL
)
SELECT
    day, span, active_days,
    count(*) FILTER (WHERE came = active_days) AS spread_people,
    count(*) FILTER (WHERE of_value = active_days) AS spread_valued
FROM people, LATERAL (SELECT unnest(range(1, span + 1)) AS active_days)
WHERE day IN (FROM days)
GROUP BY ALL
HAVING spread_people + spread_valued > 0
