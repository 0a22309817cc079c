INSERT INTO plain_usage_peopleday (
    local_day, zone, grouping, scenario, model, channel,
    active, valued, active_all, valued_all, active_organic, valued_organic
)
SELECT
    local_day, zone, grouped.grouping, grouped.scenario, grouped.model, grouped.channel,
    count(DISTINCT subject) FILTER (WHERE turns > 0 AND NOT is_internal),
    count(DISTINCT subject) FILTER (WHERE valued > 0 AND NOT is_internal),
    count(DISTINCT subject) FILTER (WHERE turns > 0),
    count(DISTINCT subject) FILTER (WHERE valued > 0),
    count(DISTINCT subject) FILTER (WHERE turns > 0 AND NOT is_internal AND organic),
    count(DISTINCT subject) FILTER (WHERE valued > 0 AND NOT is_internal AND organic)
FROM usage_userday
CROSS JOIN LATERAL (
    VALUES
        ('total', '', '', ''),
        ('scenario', usage_userday.scenario, '', ''),
        ('model', '', usage_userday.model, ''),
        ('channel', '', '', usage_userday.channel),
        ('scenario_model', usage_userday.scenario, usage_userday.model, '')
) AS grouped (grouping, scenario, model, channel)
GROUP BY local_day, zone, grouped.grouping, grouped.scenario, grouped.model, grouped.channel
