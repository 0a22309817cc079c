INSERT INTO plain_usage_activeday (
    local_day, zone, organic, dau, wau, mau28, mau30, valued_dau, valued_wau, valued_mau28, valued_mau30
)
SELECT
    local_day + ago, 'Asia/Shanghai', organic,
    count(DISTINCT subject) FILTER (WHERE turns > 0 AND ago < 1),
    count(DISTINCT subject) FILTER (WHERE turns > 0 AND ago < 7),
    count(DISTINCT subject) FILTER (WHERE turns > 0 AND ago < 28),
    count(DISTINCT subject) FILTER (WHERE turns > 0),
    count(DISTINCT subject) FILTER (WHERE valued > 0 AND ago < 1),
    count(DISTINCT subject) FILTER (WHERE valued > 0 AND ago < 7),
    count(DISTINCT subject) FILTER (WHERE valued > 0 AND ago < 28),
    count(DISTINCT subject) FILTER (WHERE valued > 0)
FROM usage_userday CROSS JOIN generate_series(0, 29) AS ago
WHERE NOT is_internal AND (turns > 0 OR valued > 0)
GROUP BY local_day + ago, organic
