INSERT INTO plain_usage_firstday (subject, grouping, scenario, is_internal, zone, local_day, organic)
SELECT subject, 'total', '', is_internal, 'Asia/Shanghai', min(local_day), bool_and(organic)
FROM usage_userday WHERE turns > 0 GROUP BY subject, is_internal
UNION ALL
SELECT subject, 'scenario', scenario, is_internal, 'Asia/Shanghai', min(local_day), bool_and(organic)
FROM usage_userday WHERE turns > 0 AND scenario <> '' GROUP BY subject, scenario, is_internal
UNION ALL
SELECT
    seen.subject, 'seen', scenario, is_internal, 'Asia/Shanghai',
    (min(window_start) AT TIME ZONE 'Asia/Shanghai')::date, bool_and(campaign IS NULL)
FROM usage_engagementevent AS seen LEFT JOIN usage_acquisition ON usage_acquisition.subject = seen.subject
WHERE kind IN ('scenario_seen', 'scenario_chosen') AND scenario <> ''
GROUP BY seen.subject, scenario, is_internal
