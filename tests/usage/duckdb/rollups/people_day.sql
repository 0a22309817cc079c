WITH did AS (
    SELECT occurred_at, subject, scenario, model, channel, is_internal, TRUE AS active, FALSE AS valued FROM turns
    UNION ALL
    SELECT occurred_at, subject, scenario, model, channel, is_internal, FALSE, TRUE
    FROM records WHERE generation IN (FROM is_valued)
),
grouped AS (
    SELECT *, 'total' AS grouping, '' AS s, '' AS m, '' AS c FROM did
    UNION ALL SELECT *, 'scenario', scenario, '', '' FROM did
    UNION ALL SELECT *, 'model', '', model, '' FROM did
    UNION ALL SELECT *, 'channel', '', '', channel FROM did
    UNION ALL SELECT *, 'scenario_model', scenario, model, '' FROM did
),
people AS (
    SELECT
        local_day(occurred_at) AS local_day, grouping, s, m, c, subject,
        any_value(campaign IS NULL) AS organic,
        count(*) FILTER (WHERE active AND NOT is_internal) AS turns,
        count(*) FILTER (WHERE valued AND NOT is_internal) AS answers,
        count(*) FILTER (WHERE active) AS all_turns,
        count(*) FILTER (WHERE valued) AS all_answers
    FROM grouped LEFT JOIN campaigns USING (subject)
    GROUP BY ALL
)
SELECT
    local_day,
    getvariable('zone') AS zone,
    grouping, s AS scenario, m AS model, c AS channel,
    count(*) FILTER (WHERE turns > 0) AS active,
    count(*) FILTER (WHERE answers > 0) AS valued,
    count(*) FILTER (WHERE all_turns > 0) AS active_all,
    count(*) FILTER (WHERE all_answers > 0) AS valued_all,
    count(*) FILTER (WHERE turns > 0 AND organic) AS active_organic,
    count(*) FILTER (WHERE answers > 0 AND organic) AS valued_organic,
    list_sum(list(turns ORDER BY turns DESC)[:ceil(count(*) FILTER (WHERE turns > 0) / 100)::INT])::BIGINT AS top_turns,
    list_sum(list(all_turns ORDER BY all_turns DESC)[:ceil(count(*) FILTER (WHERE all_turns > 0) / 100)::INT])::BIGINT
        AS top_turns_all
FROM people
GROUP BY ALL
