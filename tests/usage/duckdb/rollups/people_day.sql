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
)
SELECT
    local_day(occurred_at) AS local_day,
    getvariable('zone') AS zone,
    grouping, s AS scenario, m AS model, c AS channel,
    count(DISTINCT subject) FILTER (WHERE active AND NOT is_internal) AS active,
    count(DISTINCT subject) FILTER (WHERE valued AND NOT is_internal) AS valued,
    count(DISTINCT subject) FILTER (WHERE active) AS active_all,
    count(DISTINCT subject) FILTER (WHERE valued) AS valued_all,
    count(DISTINCT subject) FILTER (WHERE active AND NOT is_internal AND campaign IS NULL) AS active_organic,
    count(DISTINCT subject) FILTER (WHERE valued AND NOT is_internal AND campaign IS NULL) AS valued_organic
FROM grouped LEFT JOIN campaigns USING (subject)
GROUP BY ALL
