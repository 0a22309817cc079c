-- What reports by local day and scenario read: each kind of fact summed up, and the groups in which there is any.

CREATE VIEW asked_by_group AS
SELECT
    local_day(occurred_at) AS day, scenario,
    count(*) AS turns,
    count(DISTINCT subject) AS active_users
FROM turns WHERE NOT is_internal GROUP BY ALL;

CREATE VIEW ended_by_group AS
SELECT
    local_day(occurred_at) AS day, scenario,
    count(*) AS endings,
    count(DISTINCT subject) FILTER (WHERE generation IN (FROM is_valued)) AS value_active_users,
    count(*) FILTER (WHERE outcome = 'completed') AS completed,
    count(*) FILTER (WHERE outcome = 'stopped') AS stopped,
    count(*) FILTER (WHERE outcome = 'failed') AS failed,
    count(*) FILTER (WHERE outcome = 'interrupted') AS interrupted,
    count(*) FILTER (WHERE outcome = 'expired') AS expired,
    percentile_ms(
        list(bucket(first_token_ms) ORDER BY bucket(first_token_ms)) FILTER (WHERE first_token_ms IS NOT NULL), 0.5
    ) AS first_token_p50_ms,
    percentile_ms(
        list(bucket(first_token_ms) ORDER BY bucket(first_token_ms)) FILTER (WHERE first_token_ms IS NOT NULL), 0.95
    ) AS first_token_p95_ms,
    count(*) FILTER (WHERE first_token_ms IS NULL) AS without_first_token,
    sum(input_uncached)::BIGINT AS input_uncached,
    sum(input_cached)::BIGINT AS input_cached,
    sum(output_visible)::BIGINT AS output_visible,
    sum(output_reasoning)::BIGINT AS output_reasoning,
    count(input_uncached) AS input_uncached_known,
    count(input_cached) AS input_cached_known,
    count(output_visible) AS output_visible_known,
    count(output_reasoning) AS output_reasoning_known,
    count(*) FILTER (WHERE token_source <> 'reported') AS estimated_answers
FROM records WHERE NOT is_internal GROUP BY ALL;

CREATE VIEW judged_by_group AS
SELECT
    local_day(occurred_at) AS day, scenario,
    count(*) AS answers,
    count(*) FILTER (WHERE is_shown) AS shown_answers,
    count(*) FILTER (WHERE vote = 'up') AS rated_up,
    count(*) FILTER (WHERE vote = 'down') AS rated_down,
    count(*) FILTER (WHERE verdict = 'strict') AS satisfied_strict,
    count(*) FILTER (WHERE verdict = 'broad') AS satisfied_broad,
    count(*) FILTER (WHERE verdict = 'unsatisfied') AS unsatisfied,
    count(*) FILTER (WHERE verdict = 'unknown') AS quality_unknown,
    count(*) FILTER (WHERE is_copied) AS copied,
    count(*) FILTER (WHERE is_shared) AS shared,
    count(*) FILTER (WHERE is_exported) AS exported,
    count(*) FILTER (WHERE is_regenerated) AS regenerated,
    count(*) FILTER (WHERE is_followed_up) AS followed_up,
    count(*) FILTER (WHERE is_abandoned) AS abandoned,
    count(*) FILTER (WHERE is_stopped_early) AS stopped_early
FROM answers WHERE NOT is_internal GROUP BY ALL;

-- Money in pico-units; internal people's cost is cost.
CREATE VIEW spent_by_group AS
SELECT
    local_day(occurred_at) AS day, scenario,
    count(*) AS calls,
    count(*) FILTER (WHERE cost_pico IS NULL) AS unpriced_calls,
    sum(cost_pico) FILTER (WHERE currency = 'CNY') AS cost_cny,
    sum(cost_pico) FILTER (WHERE currency = 'USD') AS cost_usd,
    sum(CASE WHEN is_internal THEN cost_pico ELSE 0 END) FILTER (WHERE currency = 'CNY') AS internal_cny,
    sum(CASE WHEN is_internal THEN cost_pico ELSE 0 END) FILTER (WHERE currency = 'USD') AS internal_usd,
    sum(CASE WHEN error <> '' THEN cost_pico ELSE 0 END) FILTER (WHERE currency = 'CNY') AS wasted_cny,
    sum(CASE WHEN error <> '' THEN cost_pico ELSE 0 END) FILTER (WHERE currency = 'USD') AS wasted_usd
FROM calls GROUP BY ALL;

CREATE VIEW groups AS
SELECT day, scenario FROM asked_by_group
UNION SELECT day, scenario FROM ended_by_group
UNION SELECT day, scenario FROM spent_by_group;
