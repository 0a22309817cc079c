SELECT
    local_day(occurred_at) AS day,
    scenario,
    count(*) AS turns,
    count(DISTINCT subject) AS active_users,
    count(DISTINCT subject) FILTER (WHERE outcome = 'completed' AND visible_characters > 0) AS value_active_users,
    count(*) FILTER (WHERE outcome = 'completed') AS completed,
    count(*) FILTER (WHERE outcome = 'stopped') AS stopped,
    count(*) FILTER (WHERE outcome = 'failed') AS failed,
    count(*) FILTER (WHERE outcome = 'interrupted') AS interrupted,
    count(*) FILTER (WHERE outcome = 'expired') AS expired,
    count(*) FILTER (WHERE outcome IS NULL) AS unfinished,
    count(*) FILTER (WHERE first_token_ms IS NULL) AS without_first_token
FROM turns LEFT JOIN (SELECT generation, outcome, visible_characters, first_token_ms FROM records) USING (generation)
WHERE NOT is_internal
GROUP BY ALL
