WITH parts AS (
    SELECT
        scenario, currency, cost_pico,
        CASE
            WHEN error = 'cancelled' THEN 'broken_off'
            WHEN error <> '' THEN 'failed'
            WHEN call_of IN (
                SELECT generation FROM records JOIN engagements USING (answer)
                WHERE engagements.kind IN ('regenerated', 'edited')
            ) THEN 'superseded'
        END AS waste
    FROM calls WHERE is_recent(local_day(occurred_at), 28)
),
cny AS (
    SELECT
        scenario,
        sum(cost_pico) AS everything,
        sum(CASE WHEN waste = 'failed' THEN cost_pico ELSE 0 END) AS failed,
        sum(CASE WHEN waste = 'broken_off' THEN cost_pico ELSE 0 END) AS broken_off,
        sum(CASE WHEN waste = 'superseded' THEN cost_pico ELSE 0 END) AS superseded
    FROM parts WHERE currency = 'CNY' GROUP BY ALL
),
usd AS (
    SELECT
        scenario,
        sum(cost_pico) AS everything,
        sum(CASE WHEN waste = 'failed' THEN cost_pico ELSE 0 END) AS failed,
        sum(CASE WHEN waste = 'broken_off' THEN cost_pico ELSE 0 END) AS broken_off,
        sum(CASE WHEN waste = 'superseded' THEN cost_pico ELSE 0 END) AS superseded
    FROM parts WHERE currency = 'USD' GROUP BY ALL
)
SELECT
    scenario,
    money(cny.everything) AS "cost_CNY",
    money(usd.everything) AS "cost_USD",
    money(cny.failed) AS "cost_failed_CNY",
    money(usd.failed) AS "cost_failed_USD",
    money(cny.broken_off) AS "cost_broken_off_CNY",
    money(usd.broken_off) AS "cost_broken_off_USD",
    money(cny.superseded) AS "cost_superseded_CNY",
    money(usd.superseded) AS "cost_superseded_USD",
    millionths(nearest((cny.failed + cny.broken_off + cny.superseded) * 1000000, cny.everything)) AS "waste_share_CNY",
    millionths(nearest((usd.failed + usd.broken_off + usd.superseded) * 1000000, usd.everything)) AS "waste_share_USD"
FROM cny FULL JOIN usd USING (scenario)
