-- By days of another zone than the one that reports, for which the same facts make other days.
WITH last_days AS (SELECT day FROM days WHERE is_recent(day, 28)),
asked AS (
    SELECT timezone('America/New_York', occurred_at)::DATE AS day, count(*) AS turns
    FROM turns WHERE NOT is_internal GROUP BY ALL
),
ended AS (
    SELECT
        timezone('America/New_York', occurred_at)::DATE AS day,
        count(*) FILTER (WHERE outcome = 'completed') AS completed,
        count(*) FILTER (WHERE outcome = 'stopped') AS stopped,
        count(*) FILTER (WHERE outcome = 'failed') AS failed,
        count(*) FILTER (WHERE outcome = 'interrupted') AS interrupted,
        count(*) FILTER (WHERE outcome = 'expired') AS expired,
        sum(input_uncached)::BIGINT AS input_uncached_tokens,
        count(*) - count(input_uncached) AS input_uncached_tokens_unknown_answers,
        sum(input_cached)::BIGINT AS input_cached_tokens,
        count(*) - count(input_cached) AS input_cached_tokens_unknown_answers,
        sum(output_visible)::BIGINT AS output_visible_tokens,
        count(*) - count(output_visible) AS output_visible_tokens_unknown_answers,
        sum(output_reasoning)::BIGINT AS output_reasoning_tokens,
        count(*) - count(output_reasoning) AS output_reasoning_tokens_unknown_answers,
        count(*) FILTER (WHERE token_source <> 'reported') AS estimated_answers
    FROM records WHERE NOT is_internal GROUP BY ALL
),
judged AS (
    SELECT
        timezone('America/New_York', occurred_at)::DATE AS day,
        count(*) AS answers,
        count(*) FILTER (WHERE is_shown) AS shown_answers,
        count(*) FILTER (WHERE vote = 'up') AS rated_up,
        count(*) FILTER (WHERE vote = 'down') AS rated_down,
        count(*) FILTER (WHERE is_copied) AS copied,
        count(*) FILTER (WHERE is_regenerated) AS regenerated,
        count(*) FILTER (WHERE is_abandoned) AS abandoned,
        count(*) FILTER (WHERE is_stopped_early) AS stopped_early,
        count(*) FILTER (WHERE verdict = 'strict') AS satisfied_strict,
        count(*) FILTER (WHERE verdict = 'unsatisfied') AS unsatisfied
    FROM answers WHERE NOT is_internal GROUP BY ALL
),
spent AS (
    SELECT
        timezone('America/New_York', occurred_at)::DATE AS day,
        count(*) AS calls,
        count(*) FILTER (WHERE cost_pico IS NULL) AS unpriced_calls,
        money(sum(cost_pico) FILTER (WHERE currency = 'CNY')) AS "cost_CNY",
        money(sum(cost_pico) FILTER (WHERE currency = 'USD')) AS "cost_USD",
        money(sum(CASE WHEN is_internal THEN cost_pico ELSE 0 END) FILTER (WHERE currency = 'CNY')) AS "cost_internal_CNY",
        money(sum(CASE WHEN is_internal THEN cost_pico ELSE 0 END) FILTER (WHERE currency = 'USD')) AS "cost_internal_USD"
    FROM calls GROUP BY ALL
)
SELECT *
FROM last_days
JOIN asked USING (day) JOIN ended USING (day) JOIN judged USING (day) JOIN spent USING (day)
