SELECT
    local_day(occurred_at) AS local_day,
    getvariable('zone') AS zone,
    subject, scenario, model, channel, is_internal,
    subject NOT IN (SELECT subject FROM campaigns) AS organic,
    sum(turns) AS turns,
    sum(valued) AS valued,
    sum(satisfied) AS satisfied
FROM (
    SELECT occurred_at, subject, scenario, model, channel, is_internal, 1 AS turns, 0 AS valued, 0 AS satisfied FROM turns
    UNION ALL
    SELECT occurred_at, subject, scenario, model, channel, is_internal, 0, 1, 0
    FROM records WHERE generation IN (FROM is_valued)
    UNION ALL
    SELECT occurred_at, subject, scenario, model, channel, is_internal, 0, 0, 1 FROM answers WHERE verdict = 'strict'
)
GROUP BY ALL
