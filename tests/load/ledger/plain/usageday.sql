INSERT INTO plain_usage_usageday (
    local_day, zone, source, scenario, model, endpoint, channel, kind, outcome, currency, is_internal, organic,
    cost_units, cost_rest_pico,
    turns, endings, valued, input_uncached, input_cached, output_visible, output_reasoning,
    input_uncached_known, input_cached_known, output_visible_known, output_reasoning_known, estimated, calls,
    unpriced, answers, shown, abandoned, stopped_early, rated_up, rated_down, copied, shared, exported,
    regenerated, followed_up, satisfied_strict, satisfied_broad, unsatisfied, scenarios_seen, scenarios_chosen,
    conversations
)
SELECT
    (window_start AT TIME ZONE 'Asia/Shanghai')::date, 'Asia/Shanghai', source, scenario, model, endpoint, channel, kind, outcome, currency, is_internal,
    organic, sum(cost_units) + div(sum(cost_rest_pico), 1000000000000), mod(sum(cost_rest_pico), 1000000000000),
    sum(turns), sum(endings), sum(valued), sum(input_uncached), sum(input_cached), sum(output_visible),
    sum(output_reasoning), sum(input_uncached_known), sum(input_cached_known), sum(output_visible_known),
    sum(output_reasoning_known), sum(estimated), sum(calls), sum(unpriced), sum(answers), sum(shown),
    sum(abandoned), sum(stopped_early), sum(rated_up), sum(rated_down), sum(copied), sum(shared),
    sum(exported), sum(regenerated), sum(followed_up), sum(satisfied_strict), sum(satisfied_broad),
    sum(unsatisfied), sum(scenarios_seen), sum(scenarios_chosen), sum(conversations)
FROM usage_usagewindow
GROUP BY 1, source, scenario, model, endpoint, channel, kind, outcome, currency, is_internal, organic
