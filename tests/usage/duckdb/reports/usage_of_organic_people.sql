-- Of whom no campaign brought, and of nobody: turns by the model that was asked, answers by the one that answered.
WITH summed AS (
    SELECT
        model,
        sum(turns) AS turns,
        count(*) FILTER (WHERE source = 'ended' AND outcome = 'completed') AS completed,
        count(*) FILTER (WHERE source = 'ended' AND outcome = 'stopped') AS stopped,
        count(*) FILTER (WHERE source = 'ended' AND outcome = 'failed') AS failed,
        count(*) FILTER (WHERE source = 'ended' AND outcome = 'interrupted') AS interrupted,
        count(*) FILTER (WHERE source = 'ended' AND outcome = 'expired') AS expired,
        sum(input_uncached) AS input_uncached_tokens,
        sum(1 - input_uncached_known) AS input_uncached_tokens_unknown_answers,
        sum(input_cached) AS input_cached_tokens,
        sum(1 - input_cached_known) AS input_cached_tokens_unknown_answers,
        sum(output_visible) AS output_visible_tokens,
        sum(1 - output_visible_known) AS output_visible_tokens_unknown_answers,
        sum(output_reasoning) AS output_reasoning_tokens,
        sum(1 - output_reasoning_known) AS output_reasoning_tokens_unknown_answers,
        sum(estimated) AS estimated_answers,
        sum(answers) AS answers,
        sum(shown) AS shown_answers,
        sum(rated_up) AS rated_up,
        sum(rated_down) AS rated_down,
        sum(copied) AS copied,
        sum(regenerated) AS regenerated,
        sum(abandoned) AS abandoned,
        sum(stopped_early) AS stopped_early,
        sum(satisfied_strict) AS satisfied_strict,
        sum(satisfied_broad) AS satisfied_broad,
        sum(unsatisfied) AS unsatisfied,
        sum(answers - satisfied_strict - satisfied_broad - unsatisfied) AS quality_unknown,
        sum(calls) AS calls,
        sum(unpriced) AS unpriced_calls,
        money(sum(cost_pico) FILTER (WHERE currency = 'CNY')) AS "cost_CNY",
        money(sum(cost_pico) FILTER (WHERE currency = 'USD')) AS "cost_USD",
        money(sum(is_internal::INT * cost_pico) FILTER (WHERE currency = 'CNY')) AS "cost_internal_CNY",
        money(sum(is_internal::INT * cost_pico) FILTER (WHERE currency = 'USD')) AS "cost_internal_USD"
    FROM usage_parts
    WHERE organic AND source <> 'visited' AND (source = 'called' OR NOT is_internal)
    GROUP BY model
),
people AS (
    SELECT model, count(DISTINCT subject) AS active_users
    FROM turns ANTI JOIN campaigns USING (subject) WHERE NOT is_internal GROUP BY model
),
answered AS (
    SELECT
        model,
        count(DISTINCT subject) FILTER (WHERE generation IN (FROM is_valued)) AS value_active_users,
        list(bucket(first_token_ms) ORDER BY bucket(first_token_ms)) FILTER (WHERE first_token_ms IS NOT NULL) AS firsts,
        count(*) FILTER (WHERE first_token_ms IS NULL) AS without_first_token
    FROM records ANTI JOIN campaigns USING (subject) WHERE NOT is_internal GROUP BY model
)
SELECT
    * EXCLUDE (firsts),
    NULL AS unfinished,
    percentile_ms(firsts, 0.5) AS first_token_p50_ms,
    percentile_ms(firsts, 0.95) AS first_token_p95_ms
FROM summed LEFT JOIN people USING (model) LEFT JOIN answered USING (model)
