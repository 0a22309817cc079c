INSERT INTO plain_usage_adoptionday (
    local_day, scenario, organic, zone, saw, tried, repeated, retained, satisfied, organic_tried
)
WITH lives AS (
    SELECT
        subject, scenario, coalesce(sight.organic, try.organic) AS organic,
        sight.local_day AS sight, try.local_day AS tried,
        sight.local_day IS NOT NULL AND (try.local_day IS NULL OR try.local_day >= sight.local_day) AS is_in_funnel
    FROM (SELECT * FROM usage_firstday WHERE grouping = 'seen' AND NOT is_internal) AS sight
    FULL JOIN (SELECT * FROM usage_firstday WHERE grouping = 'scenario' AND NOT is_internal) AS try
        USING (subject, scenario)
),
steps AS (
    SELECT
        lives.subject, lives.scenario, lives.organic, sight, tried, is_in_funnel,
        is_in_funnel AND coalesce(tried - sight <= 7, FALSE) AS has_tried,
        coalesce(bool_or(turns > 0 AND local_day - tried BETWEEN 1 AND 7), FALSE) AS has_repeated,
        coalesce(bool_or(turns > 0 AND local_day - tried BETWEEN 15 AND 28), FALSE) AS was_retained,
        coalesce(bool_or(did.satisfied > 0 AND local_day - tried BETWEEN 0 AND 7), FALSE) AS was_satisfied
    FROM lives LEFT JOIN usage_userday AS did
        ON did.subject = lives.subject AND did.scenario = lives.scenario AND NOT did.is_internal
    GROUP BY lives.subject, lives.scenario, lives.organic, sight, tried, is_in_funnel
)
SELECT
    CASE WHEN is_in_funnel THEN sight ELSE tried END, scenario, organic, 'Asia/Shanghai',
    count(*) FILTER (WHERE is_in_funnel),
    count(*) FILTER (WHERE has_tried),
    count(*) FILTER (WHERE has_tried AND has_repeated),
    count(*) FILTER (WHERE has_tried AND has_repeated AND was_retained),
    count(*) FILTER (WHERE has_tried AND was_satisfied),
    count(*) FILTER (WHERE NOT is_in_funnel)
FROM steps GROUP BY 1, scenario, organic
