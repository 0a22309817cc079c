INSERT INTO plain_usage_usagewindow (
    window_start, source, scenario, model, endpoint, channel, kind, outcome, currency, is_internal, organic,
    turns, endings, valued,
    input_uncached, input_cached, output_visible, output_reasoning,
    input_uncached_known, input_cached_known, output_visible_known, output_reasoning_known,
    estimated, calls, unpriced, cost_units, cost_rest_pico,
    answers, shown, abandoned, stopped_early, rated_up, rated_down,
    copied, shared, exported, regenerated, followed_up,
    satisfied_strict, satisfied_broad, unsatisfied,
    scenarios_seen, scenarios_chosen, conversations
)
WITH summed AS (
    SELECT
        asked.generation,
        (array_agg(given.value ORDER BY given.occurred_at DESC, given.event DESC)
            FILTER (WHERE given.kind = 'rated'))[1] AS vote,
        (array_agg(given.value ORDER BY given.occurred_at DESC, given.event DESC)
            FILTER (WHERE given.kind = 'rated' AND given.occurred_at < asked.occurred_at + INTERVAL '72 hours'))[1]
            AS timely_vote,
        bool_or(given.kind = 'copied') AS copied,
        bool_or(given.kind = 'shared') AS shared,
        bool_or(given.kind = 'exported') AS exported,
        bool_or(given.kind = 'regenerated') AS regenerated,
        bool_or(given.kind = 'follow_up') AS followed_up,
        bool_or(given.occurred_at < asked.occurred_at + INTERVAL '72 hours' AND (
            given.kind = 'regenerated' OR (
                given.kind = 'follow_up' AND given.rephrase_per_mille >= 600
                AND given.occurred_at < asked.finished_at + INTERVAL '120 seconds'
            )
        )) AS was_no_good,
        bool_or(
            given.occurred_at < asked.occurred_at + INTERVAL '72 hours'
            AND given.kind IN ('copied', 'shared', 'exported')
        ) AS was_used,
        bool_or(
            given.occurred_at < asked.occurred_at + INTERVAL '72 hours'
            AND given.kind = 'follow_up' AND given.rephrase_per_mille < 600
        ) AS was_gone_on_from
    FROM usage_usagerecord AS asked
    JOIN usage_engagementevent AS given ON given.answer = asked.answer AND given.subject = asked.subject
    WHERE asked.kind <> 'continue' AND asked.answer IS NOT NULL
    GROUP BY asked.generation
),
judged AS (
    SELECT asked.*, summed.*,
        CASE
            WHEN timely_vote = 'up' THEN 'strict'
            WHEN timely_vote = 'down' THEN 'unsatisfied'
            WHEN outcome IN ('failed', 'expired') OR (outcome = 'stopped' AND visible_characters < 200)
                OR was_no_good THEN 'unsatisfied'
            WHEN was_used THEN 'strict'
            WHEN was_gone_on_from THEN 'broad'
            ELSE 'unknown'
        END AS verdict
    FROM usage_usagerecord AS asked LEFT JOIN summed USING (generation)
    WHERE asked.kind <> 'continue' AND asked.answer IS NOT NULL
)
SELECT
    window_start, 'accepted', scenario, model, '', channel, kind, '', '', is_internal, campaign IS NULL,
    count(*), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
FROM usage_turnaccepted LEFT JOIN usage_acquisition USING (subject)
GROUP BY window_start, scenario, model, channel, kind, is_internal, campaign IS NULL
UNION ALL
SELECT
    window_start, 'ended', scenario, model, endpoint, channel, kind, outcome, '', is_internal, campaign IS NULL,
    0, count(*), count(*) FILTER (WHERE outcome = 'completed' AND visible_characters > 0),
    coalesce(sum(input_uncached), 0), coalesce(sum(input_cached), 0),
    coalesce(sum(output_visible), 0), coalesce(sum(output_reasoning), 0),
    count(input_uncached), count(input_cached), count(output_visible), count(output_reasoning),
    count(*) FILTER (WHERE token_source <> 'reported'),
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
FROM usage_usagerecord LEFT JOIN usage_acquisition USING (subject)
GROUP BY window_start, scenario, model, endpoint, channel, kind, outcome, is_internal, campaign IS NULL
UNION ALL
SELECT
    window_start, 'called', scenario, model, endpoint, channel, purpose, error, currency, is_internal, campaign IS NULL,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    count(*), count(*) FILTER (WHERE cost_pico IS NULL),
    coalesce(div(sum(cost_pico), 1000000000000), 0), coalesce(mod(sum(cost_pico), 1000000000000), 0),
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
FROM usage_upstreamcall LEFT JOIN usage_acquisition USING (subject)
GROUP BY window_start, scenario, model, endpoint, channel, purpose, error, currency, is_internal, campaign IS NULL
UNION ALL
SELECT
    window_start, 'answered', scenario, model, endpoint, channel, '', '', '', is_internal, campaign IS NULL,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    count(*),
    count(*) FILTER (WHERE visible_characters > 0),
    count(*) FILTER (WHERE outcome = 'stopped' AND visible_characters = 0),
    count(*) FILTER (WHERE outcome = 'stopped' AND visible_characters BETWEEN 1 AND 199),
    count(*) FILTER (WHERE visible_characters > 0 AND vote = 'up'),
    count(*) FILTER (WHERE visible_characters > 0 AND vote = 'down'),
    count(*) FILTER (WHERE visible_characters > 0 AND copied),
    count(*) FILTER (WHERE visible_characters > 0 AND shared),
    count(*) FILTER (WHERE visible_characters > 0 AND exported),
    count(*) FILTER (WHERE visible_characters > 0 AND regenerated),
    count(*) FILTER (WHERE followed_up),
    count(*) FILTER (WHERE verdict = 'strict'),
    count(*) FILTER (WHERE verdict = 'broad'),
    count(*) FILTER (WHERE verdict = 'unsatisfied'),
    0, 0, 0
FROM judged LEFT JOIN usage_acquisition USING (subject)
GROUP BY window_start, scenario, model, endpoint, channel, is_internal, campaign IS NULL
UNION ALL
SELECT
    window_start, 'visited', scenario, model, '', channel, '', '', '', is_internal, campaign IS NULL,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    count(*) FILTER (WHERE kind = 'scenario_seen'),
    count(*) FILTER (WHERE kind = 'scenario_chosen'),
    count(*) FILTER (WHERE kind = 'conversation_started')
FROM usage_engagementevent LEFT JOIN usage_acquisition USING (subject) WHERE kind IN ('scenario_seen', 'scenario_chosen', 'conversation_started')
GROUP BY window_start, scenario, model, channel, is_internal, campaign IS NULL
