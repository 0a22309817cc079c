INSERT INTO plain_usage_busywindow (window_start, endpoint, busy_ms, peak, calls, failed)
WITH parts AS (
    SELECT
        endpoint, quarter AS window_start,
        greatest(occurred_at, quarter) AS start,
        least(ended_at, quarter + INTERVAL '15 minutes') AS stop,
        quarter = call.window_start AS is_beginning,
        error <> '' AS has_failed
    FROM usage_upstreamcall AS call
    CROSS JOIN LATERAL generate_series(window_start, last_window, INTERVAL '15 minutes') AS quarter
    WHERE endpoint <> ''
),
running AS (
    SELECT endpoint, window_start, sum(change) OVER (
        PARTITION BY endpoint, window_start ORDER BY moment, change ROWS UNBOUNDED PRECEDING
    ) AS at_once
    FROM parts CROSS JOIN LATERAL (VALUES (start, 1), (stop, -1)) AS changes (moment, change)
),
peaks AS (SELECT endpoint, window_start, greatest(max(at_once), 0) AS peak FROM running GROUP BY endpoint, window_start)
SELECT
    window_start, endpoint,
    sum(greatest(floor(extract(epoch FROM stop) * 1000) - floor(extract(epoch FROM start) * 1000), 0)),
    min(peak), count(*) FILTER (WHERE is_beginning), count(*) FILTER (WHERE is_beginning AND has_failed)
FROM parts JOIN peaks USING (endpoint, window_start)
GROUP BY window_start, endpoint
