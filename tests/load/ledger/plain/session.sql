INSERT INTO plain_usage_session (subject, is_internal, started_at, ended_at, local_day, zone, turns, duration_ms)
WITH stays AS (
    SELECT
        asked.subject, asked.is_internal, asked.occurred_at AS start,
        least(
            greatest(asked.occurred_at, coalesce(finished_at, asked.occurred_at)),
            asked.occurred_at + INTERVAL '30 minutes'
        ) AS stop
    FROM usage_turnaccepted AS asked LEFT JOIN usage_usagerecord USING (generation, occurred_at)
),
reached AS (
    SELECT *, max(stop) OVER (
        PARTITION BY subject, is_internal ORDER BY start ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS so_far
    FROM stays
),
numbered AS (
    SELECT *, count(*) FILTER (WHERE so_far IS NULL OR start > so_far + INTERVAL '30 minutes') OVER (
        PARTITION BY subject, is_internal ORDER BY start ROWS UNBOUNDED PRECEDING
    ) AS number
    FROM reached
)
SELECT
    subject, is_internal, min(start), max(stop), (min(start) AT TIME ZONE 'Asia/Shanghai')::date, 'Asia/Shanghai',
    count(*), floor(extract(epoch FROM max(stop) - min(start)) * 1000)
FROM numbered GROUP BY subject, is_internal, number
