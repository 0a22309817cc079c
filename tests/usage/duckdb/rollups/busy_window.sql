WITH parts AS (
    SELECT
        endpoint, quarter AS window_start,
        greatest(epoch_us(occurred_at), quarter) AS start,
        least(epoch_us(ended_at), quarter + 900000000) AS stop,
        quarter <= epoch_us(occurred_at) AS is_beginning,
        error <> '' AS has_failed
    FROM (
        SELECT
            *,
            unnest(range(
                window_us(occurred_at), greatest(epoch_us(ended_at), window_us(occurred_at) + 1), 900000000
            )) AS quarter
        FROM calls WHERE endpoint <> ''
    )
),
changes AS (
    SELECT endpoint, window_start, start AS moment, 1 AS change FROM parts
    UNION ALL
    SELECT endpoint, window_start, stop, -1 FROM parts
),
running AS (
    SELECT
        endpoint, window_start,
        sum(change) OVER (
            PARTITION BY endpoint, window_start ORDER BY moment, change ROWS UNBOUNDED PRECEDING
        ) AS at_once
    FROM changes
),
peaks AS (SELECT endpoint, window_start, greatest(max(at_once), 0) AS peak FROM running GROUP BY ALL)
SELECT
    window_start, endpoint,
    sum(greatest(stop // 1000 - start // 1000, 0)) AS busy_ms,
    any_value(peak) AS peak,
    count(*) FILTER (WHERE is_beginning) AS calls,
    count(*) FILTER (WHERE is_beginning AND has_failed) AS failed
FROM parts JOIN peaks USING (endpoint, window_start)
GROUP BY ALL
