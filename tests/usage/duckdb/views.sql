-- What all statements read: the four Parquet files as tables, local days, windows, and what became of each answer.

CREATE MACRO local_day(moment) AS timezone(getvariable('zone'), moment)::DATE;
CREATE MACRO window_us(moment) AS epoch_us(moment) // 900000000 * 900000000;
CREATE MACRO bucket(ms) AS CASE WHEN ms <= 1 THEN 0 ELSE ceil(ln(ms) / ln(51.0::DOUBLE / 49))::BIGINT END;

-- The value of the bucket at rank ceil(q n) of a sorted list: 2 gamma^i / (gamma + 1), gamma = 51/49.
CREATE MACRO percentile_ms(buckets, q) AS
    round_even(2 * pow(51.0::DOUBLE / 49, buckets[greatest(1, ceil(q::DOUBLE * len(buckets)))::BIGINT]) * 49 / 100, 0)::BIGINT;

-- Quotients of whole numbers to the nearest one, half to even, and whole numbers as decimals.
CREATE MACRO nearest(a, b) AS CASE
    WHEN b = 0 THEN NULL
    WHEN 2 * (a % b) > b OR (2 * (a % b) = b AND (a // b) % 2 = 1) THEN a // b + 1
    ELSE a // b
END;
CREATE MACRO millionths(whole) AS whole::DECIMAL(26, 0) * 0.000001::DECIMAL(6, 6);
CREATE MACRO money(pico) AS pico::DECIMAL(26, 0) * 0.000000000001::DECIMAL(12, 12);

-- Wilson's interval of k of n at 95 %, and a share as a report writes it.
CREATE MACRO wilson_middle(k, n) AS (k / n + 1.959963984540054 ** 2 / (2 * n)) / (1 + 1.959963984540054 ** 2 / n);
CREATE MACRO wilson_half(k, n) AS 1.959963984540054 / (1 + 1.959963984540054 ** 2 / n)
    * sqrt(k / n * (1 - k / n) / n + 1.959963984540054 ** 2 / (4 * n * n));
CREATE MACRO six_digits(share) AS millionths(round_even(1000000 * greatest(0, least(1, share)), 0));

CREATE MACRO midnight_us(day) AS epoch_us(timezone(getvariable('zone'), day::TIMESTAMP));
-- Of a local day, what had elapsed and was counted.
CREATE MACRO elapsed_ms(day) AS (least(midnight_us(day + 1), getvariable('complete_us')) - midnight_us(day)) // 1000;

-- Tenths of an output token in a second, of an answer whose tokens were reported.
CREATE MACRO tenths(source, visible, reasoning, first_ms, ms) AS CASE
    WHEN source = 'reported' AND first_ms < ms AND visible + coalesce(reasoning, 0) > 0
    THEN (visible + coalesce(reasoning, 0)) * 10000 // (ms - first_ms)
END;

CREATE VIEW days AS
SELECT unnest(generate_series(getvariable('first_day'), getvariable('last_day'), INTERVAL 1 DAY))::DATE AS day;
-- Reports of raw facts hold few days: the last ones of the history.
CREATE MACRO is_recent(day, count) AS day > getvariable('last_day') - count;
CREATE VIEW lookback AS SELECT unnest(range(30))::INT AS ago;

CREATE VIEW campaigns AS
SELECT subject, arg_min(value, (occurred_at, event)) AS campaign
FROM engagements WHERE kind = 'acquired' GROUP BY subject;

CREATE VIEW is_valued AS
SELECT generation FROM records WHERE outcome = 'completed' AND visible_characters > 0;

-- A signal belongs to an answer if whoever asked for the answer gave it.
CREATE VIEW answers AS
WITH asked AS (
    SELECT * FROM records WHERE kind <> 'continue' AND answer IS NOT NULL
),
signals AS (
    SELECT
        asked.generation,
        engagements.kind,
        engagements.value,
        engagements.occurred_at,
        engagements.event,
        engagements.occurred_at < asked.occurred_at + INTERVAL 72 HOURS AS is_in_time,
        engagements.occurred_at < asked.finished_at + INTERVAL 120 SECONDS AS is_soon,
        coalesce(engagements.rephrase_per_mille >= 600, FALSE) AS is_the_same
    FROM asked JOIN engagements USING (answer, subject)
),
summed AS (
    SELECT
        generation,
        list(value ORDER BY occurred_at, event) FILTER (WHERE kind = 'rated')[-1] AS vote,
        list(value ORDER BY occurred_at, event) FILTER (WHERE kind = 'rated' AND is_in_time)[-1] AS timely_vote,
        count(*) FILTER (WHERE kind = 'copied') > 0 AS copied,
        count(*) FILTER (WHERE kind = 'shared') > 0 AS shared,
        count(*) FILTER (WHERE kind = 'exported') > 0 AS exported,
        count(*) FILTER (WHERE kind = 'regenerated') > 0 AS regenerated,
        count(*) FILTER (WHERE kind = 'follow_up') > 0 AS followed_up,
        count(*) FILTER (WHERE is_in_time AND kind = 'regenerated') > 0 AS was_asked_anew,
        count(*) FILTER (WHERE is_in_time AND kind = 'follow_up' AND is_the_same AND is_soon) > 0 AS was_said_again,
        count(*) FILTER (WHERE is_in_time AND kind IN ('copied', 'shared', 'exported')) > 0 AS was_used,
        count(*) FILTER (WHERE is_in_time AND kind = 'follow_up' AND NOT is_the_same) > 0 AS was_gone_on_from
    FROM signals GROUP BY generation
)
SELECT
    asked.*,
    visible_characters > 0 AS is_shown,
    outcome = 'stopped' AND visible_characters = 0 AS is_abandoned,
    outcome = 'stopped' AND visible_characters BETWEEN 1 AND 199 AS is_stopped_early,
    -- Of answers that nobody has seen a character of, no rate says anything.
    CASE WHEN visible_characters > 0 THEN coalesce(vote, '') ELSE '' END AS vote,
    visible_characters > 0 AND coalesce(copied, FALSE) AS is_copied,
    visible_characters > 0 AND coalesce(shared, FALSE) AS is_shared,
    visible_characters > 0 AND coalesce(exported, FALSE) AS is_exported,
    visible_characters > 0 AND coalesce(regenerated, FALSE) AS is_regenerated,
    coalesce(followed_up, FALSE) AS is_followed_up,
    CASE
        WHEN timely_vote = 'up' THEN 'strict'
        WHEN timely_vote = 'down' THEN 'unsatisfied'
        WHEN outcome IN ('failed', 'expired') OR (outcome = 'stopped' AND visible_characters < 200) THEN 'unsatisfied'
        WHEN was_asked_anew OR was_said_again THEN 'unsatisfied'
        WHEN was_used THEN 'strict'
        WHEN was_gone_on_from THEN 'broad'
        ELSE 'unknown'
    END AS verdict
FROM asked LEFT JOIN summed USING (generation);

-- One row for everything that a usage row counts, with what it adds.
CREATE VIEW everybodys_parts AS
SELECT
    occurred_at, 'accepted' AS source, scenario, model, '' AS endpoint, channel, kind, '' AS outcome, '' AS currency,
    is_internal, subject, 1 AS turns
FROM turns
UNION ALL BY NAME
SELECT
    occurred_at, 'ended' AS source, scenario, model, endpoint, channel, kind, outcome, '' AS currency, is_internal, subject,
    1 AS endings,
    (outcome = 'completed' AND visible_characters > 0)::INT AS valued,
    input_uncached, input_cached, output_visible, output_reasoning,
    (input_uncached IS NOT NULL)::INT AS input_uncached_known,
    (input_cached IS NOT NULL)::INT AS input_cached_known,
    (output_visible IS NOT NULL)::INT AS output_visible_known,
    (output_reasoning IS NOT NULL)::INT AS output_reasoning_known,
    (token_source <> 'reported')::INT AS estimated
FROM records
UNION ALL BY NAME
SELECT
    occurred_at, 'called' AS source, scenario, model, endpoint, channel, purpose AS kind, error AS outcome, currency,
    is_internal, subject, 1 AS calls, (cost_pico IS NULL)::INT AS unpriced, cost_pico
FROM calls
UNION ALL BY NAME
SELECT
    occurred_at, 'answered' AS source, scenario, model, endpoint, channel, '' AS kind, '' AS outcome, '' AS currency,
    is_internal, subject,
    1 AS answers,
    is_shown::INT AS shown,
    is_abandoned::INT AS abandoned,
    is_stopped_early::INT AS stopped_early,
    (vote = 'up')::INT AS rated_up,
    (vote = 'down')::INT AS rated_down,
    is_copied::INT AS copied,
    is_shared::INT AS shared,
    is_exported::INT AS exported,
    is_regenerated::INT AS regenerated,
    is_followed_up::INT AS followed_up,
    (verdict = 'strict')::INT AS satisfied_strict,
    (verdict = 'broad')::INT AS satisfied_broad,
    (verdict = 'unsatisfied')::INT AS unsatisfied
FROM answers
UNION ALL BY NAME
SELECT
    occurred_at, 'visited' AS source, scenario, model, '' AS endpoint, channel, '' AS kind, '' AS outcome,
    '' AS currency, is_internal, subject,
    (kind = 'scenario_seen')::INT AS scenarios_seen,
    (kind = 'scenario_chosen')::INT AS scenarios_chosen,
    (kind = 'conversation_started')::INT AS conversations
FROM engagements WHERE kind IN ('scenario_seen', 'scenario_chosen', 'conversation_started');

CREATE VIEW usage_parts AS
SELECT everybodys_parts.* EXCLUDE (subject), campaign IS NULL AS organic
FROM everybodys_parts LEFT JOIN campaigns USING (subject);

-- Who was active on which local day, and with an answer of value; internal people are left out.
CREATE VIEW active_days AS
SELECT
    subject,
    campaign IS NULL AS organic,
    local_day(occurred_at) AS day,
    bool_or(generation IN (FROM is_valued)) AS valued
FROM turns LEFT JOIN campaigns USING (subject)
WHERE NOT is_internal
GROUP BY ALL;

CREATE VIEW first_days AS SELECT subject, organic, min(day) AS first FROM active_days GROUP BY ALL;

-- A turn lasts half an hour at most; more than half an hour without one ends a session.
CREATE VIEW sessions AS
WITH stays AS (
    SELECT
        turns.subject, turns.is_internal, turns.occurred_at AS start,
        least(
            greatest(turns.occurred_at, coalesce(finished_at, turns.occurred_at)),
            turns.occurred_at + INTERVAL 30 MINUTES
        ) AS stop
    FROM turns LEFT JOIN records USING (generation)
),
reached AS (
    SELECT *, max(stop) OVER (
        PARTITION BY subject, is_internal ORDER BY start ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS so_far
    FROM stays
),
numbered AS (
    SELECT *, sum((so_far IS NULL OR start > so_far + INTERVAL 30 MINUTES)::INT) OVER (
        PARTITION BY subject, is_internal ORDER BY start ROWS UNBOUNDED PRECEDING
    ) AS number
    FROM reached
)
SELECT subject, is_internal, min(start) AS started_at, max(stop) AS ended_at, count(*) AS turns
FROM numbered GROUP BY subject, is_internal, number;
