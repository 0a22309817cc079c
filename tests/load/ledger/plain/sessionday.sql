INSERT INTO plain_usage_sessionday (local_day, is_internal, zone, sessions, people, turns, duration_ms, one_turn)
SELECT
    local_day, is_internal, zone,
    count(*), count(DISTINCT subject), sum(turns), sum(duration_ms), count(*) FILTER (WHERE turns = 1)
FROM usage_session
GROUP BY local_day, is_internal, zone
