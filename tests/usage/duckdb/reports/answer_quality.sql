SELECT
    local_day(occurred_at) AS day,
    scenario,
    count(*) AS answers,
    count(*) FILTER (WHERE is_shown) AS shown_answers,
    count(*) FILTER (WHERE vote = 'up') AS rated_up,
    count(*) FILTER (WHERE vote = 'down') AS rated_down,
    count(*) FILTER (WHERE verdict = 'strict') AS satisfied_strict,
    count(*) FILTER (WHERE verdict = 'broad') AS satisfied_broad,
    count(*) FILTER (WHERE verdict = 'unsatisfied') AS unsatisfied,
    count(*) FILTER (WHERE verdict = 'unknown') AS quality_unknown,
    count(*) FILTER (WHERE is_copied) AS copied,
    count(*) FILTER (WHERE is_regenerated) AS regenerated,
    count(*) FILTER (WHERE is_abandoned) AS abandoned,
    count(*) FILTER (WHERE is_stopped_early) AS stopped_early
FROM answers
WHERE NOT is_internal
GROUP BY ALL
