WITH weeks AS (SELECT DISTINCT subject, date_trunc('week', day)::DATE AS week FROM active_days),
lives AS (
    SELECT
        subject, week,
        week = min(week) OVER (PARTITION BY subject) AS is_first,
        coalesce(lag(week) OVER (PARTITION BY subject ORDER BY week) = week - 7, FALSE) AS was_here
    FROM weeks
),
gone AS (
    SELECT week + 7 AS week, count(*) AS dormant
    FROM weeks WHERE NOT EXISTS (FROM weeks AS next WHERE next.subject = weeks.subject AND next.week = weeks.week + 7)
    GROUP BY ALL
)
SELECT
    week,
    count(*) AS active,
    count(*) FILTER (WHERE is_first) AS new,
    count(*) FILTER (WHERE was_here) AS returning,
    count(*) FILTER (WHERE NOT is_first AND NOT was_here) AS resurrecting,
    coalesce(any_value(dormant), 0) AS dormant
FROM lives LEFT JOIN gone USING (week)
GROUP BY ALL
