WITH talks AS (
    SELECT local_day(occurred_at) AS day, conversation, count(*) AS turns
    FROM turns WHERE NOT is_internal AND is_recent(local_day(occurred_at), 28) GROUP BY ALL
)
SELECT
    day,
    count(*) AS conversations,
    sum(turns)::BIGINT AS conversation_turns,
    millionths(nearest(sum(turns) * 1000000, count(*))) AS turns_per_conversation,
    count(*) FILTER (WHERE turns = 1) AS one_turn_conversation_share_numerator,
    count(*) AS one_turn_conversation_share_denominator
FROM talks
GROUP BY ALL
