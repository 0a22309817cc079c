INSERT INTO plain_usage_userday (
    local_day, zone, subject, scenario, model, channel, is_internal, organic, turns, valued, satisfied
)
WITH judged AS (
    SELECT asked.generation
    FROM usage_usagerecord AS asked
    LEFT JOIN LATERAL (
        SELECT
            (array_agg(value ORDER BY occurred_at DESC, event DESC) FILTER (WHERE kind = 'rated'))[1] AS vote,
            bool_or(kind = 'regenerated' OR (
                kind = 'follow_up' AND rephrase_per_mille >= 600
                AND given.occurred_at < asked.finished_at + INTERVAL '120 seconds'
            )) AS was_no_good,
            bool_or(kind IN ('copied', 'shared', 'exported')) AS was_used
        FROM usage_engagementevent AS given
        WHERE given.answer = asked.answer AND given.subject = asked.subject
            AND given.occurred_at < asked.occurred_at + INTERVAL '72 hours'
    ) AS summed ON TRUE
    WHERE asked.kind <> 'continue' AND asked.answer IS NOT NULL AND (
        vote = 'up' OR (
            coalesce(vote, '') = '' AND was_used AND NOT coalesce(was_no_good, FALSE)
            AND outcome NOT IN ('failed', 'expired') AND NOT (outcome = 'stopped' AND visible_characters < 200)
        )
    )
),
did AS (
    SELECT local_day, zone, subject, scenario, model, channel, is_internal, 1 AS turns, 0 AS valued, 0 AS satisfied
    FROM usage_turnaccepted
    UNION ALL
    SELECT local_day, zone, subject, scenario, model, channel, is_internal, 0,
        (outcome = 'completed' AND visible_characters > 0)::int, (judged.generation IS NOT NULL)::int
    FROM usage_usagerecord LEFT JOIN judged USING (generation)
    WHERE (outcome = 'completed' AND visible_characters > 0) OR judged.generation IS NOT NULL
)
SELECT
    local_day, zone, did.subject, scenario, model, channel, is_internal, campaign IS NULL,
    sum(turns), sum(valued), sum(satisfied)
FROM did LEFT JOIN usage_acquisition ON usage_acquisition.subject = did.subject
GROUP BY local_day, zone, did.subject, scenario, model, channel, is_internal, campaign IS NULL
