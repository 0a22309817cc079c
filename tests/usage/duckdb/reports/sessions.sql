WITH counted AS (
    SELECT
        local_day(started_at) AS day,
        count(*) AS sessions,
        count(DISTINCT subject) AS session_people,
        sum(turns)::BIGINT AS session_turns,
        sum((epoch_us(ended_at) - epoch_us(started_at)) // 1000)::BIGINT AS lasted_ms,
        count(*) FILTER (WHERE turns = 1) AS of_one_turn
    FROM sessions WHERE NOT is_internal GROUP BY ALL
)
SELECT
    day, sessions, session_people, session_turns,
    millionths(nearest(session_turns * 1000000, sessions)) AS turns_per_session,
    nearest(lasted_ms, sessions) AS session_mean_ms,
    of_one_turn AS one_turn_session_share_numerator,
    sessions AS one_turn_session_share_denominator
FROM counted
