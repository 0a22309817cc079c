WITH did AS (
    SELECT subject, occurred_at, scenario, 1 AS turns, 0 AS valued, 0 AS satisfied FROM turns WHERE NOT is_internal
    UNION ALL
    SELECT subject, occurred_at, scenario, 0, 1, 0
    FROM records WHERE generation IN (FROM is_valued) AND NOT is_internal
    UNION ALL
    SELECT subject, occurred_at, scenario, 0, 0, 1 FROM answers WHERE verdict = 'strict' AND NOT is_internal
)
SELECT
    pseudonym AS person,
    sum(turns) AS turns,
    sum(valued) AS valued_turns,
    sum(satisfied) AS satisfied_answers,
    count(DISTINCT local_day(occurred_at)) FILTER (WHERE turns = 1) AS active_days,
    count(DISTINCT scenario) FILTER (WHERE turns = 1 AND scenario <> '') AS scenarios_used,
    min(local_day(occurred_at)) FILTER (WHERE turns = 1) AS first_active,
    max(local_day(occurred_at)) FILTER (WHERE turns = 1) AS last_active
FROM did JOIN pseudonyms USING (subject)
GROUP BY ALL
