INSERT INTO plain_usage_peopleday (
    local_day, zone, grouping, scenario, model, channel,
    active, valued, active_all, valued_all, active_organic, valued_organic, top_turns, top_turns_all
)
WITH people AS (
    SELECT
        local_day, zone, grouped.grouping, grouped.scenario, grouped.model, grouped.channel, subject, organic,
        coalesce(sum(turns) FILTER (WHERE NOT is_internal), 0) AS turns,
        coalesce(sum(valued) FILTER (WHERE NOT is_internal), 0) AS valued,
        sum(turns) AS all_turns,
        sum(valued) AS all_valued
    FROM usage_userday
    CROSS JOIN LATERAL (
        VALUES
            ('total', '', '', ''),
            ('scenario', usage_userday.scenario, '', ''),
            ('model', '', usage_userday.model, ''),
            ('channel', '', '', usage_userday.channel),
            ('scenario_model', usage_userday.scenario, usage_userday.model, '')
    ) AS grouped (grouping, scenario, model, channel)
    GROUP BY local_day, zone, grouped.grouping, grouped.scenario, grouped.model, grouped.channel, subject, organic
),
ranked AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY local_day, grouping, scenario, model, channel ORDER BY turns DESC) AS place,
        row_number() OVER (PARTITION BY local_day, grouping, scenario, model, channel ORDER BY all_turns DESC) AS all_place,
        count(*) FILTER (WHERE turns > 0) OVER (PARTITION BY local_day, grouping, scenario, model, channel) AS many,
        count(*) FILTER (WHERE all_turns > 0) OVER (PARTITION BY local_day, grouping, scenario, model, channel) AS all_many
    FROM people
)
SELECT
    local_day, zone, grouping, scenario, model, channel,
    count(*) FILTER (WHERE turns > 0),
    count(*) FILTER (WHERE valued > 0),
    count(*) FILTER (WHERE all_turns > 0),
    count(*) FILTER (WHERE all_valued > 0),
    count(*) FILTER (WHERE turns > 0 AND organic),
    count(*) FILTER (WHERE valued > 0 AND organic),
    coalesce(sum(turns) FILTER (WHERE place <= ceil(many / 100.0)), 0),
    coalesce(sum(all_turns) FILTER (WHERE all_place <= ceil(all_many / 100.0)), 0)
FROM ranked GROUP BY local_day, zone, grouping, scenario, model, channel
