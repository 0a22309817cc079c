WITH used AS (
    SELECT DISTINCT subject, scenario
    FROM turns WHERE NOT is_internal AND scenario <> '' AND is_recent(local_day(occurred_at), 28)
),
users AS (SELECT scenario, count(*) AS scenario_users FROM used GROUP BY ALL),
pairs AS (
    SELECT one.scenario, other.scenario AS beside, count(*) AS both_users
    FROM used AS one JOIN used AS other USING (subject)
    WHERE one.scenario <> other.scenario
    GROUP BY ALL
)
SELECT
    scenario, beside, scenario_users, both_users,
    both_users AS co_use_share_numerator,
    scenario_users AS co_use_share_denominator
FROM pairs JOIN users USING (scenario)
