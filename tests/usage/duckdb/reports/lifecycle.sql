WITH weeks AS (SELECT DISTINCT subject, date_trunc('week', day)::DATE AS week FROM active_days),
lives AS (
    SELECT
        subject, week,
        week = min(week) OVER (PARTITION BY subject) AS is_first,
        coalesce(lag(week) OVER (PARTITION BY subject ORDER BY week) = week - 7, FALSE) AS was_here,
        FALSE AS is_gone
    FROM weeks
    UNION ALL
    SELECT subject, week + 7, FALSE, TRUE, TRUE
    FROM weeks
    WHERE NOT EXISTS (FROM weeks AS next WHERE next.subject = weeks.subject AND next.week = weeks.week + 7)
)
SELECT
    week,
    count(*) FILTER (WHERE NOT is_gone) AS active,
    count(*) FILTER (WHERE is_first) AS new,
    count(*) FILTER (WHERE was_here AND NOT is_gone) AS returning,
    count(*) FILTER (WHERE NOT is_first AND NOT was_here) AS resurrecting,
    count(*) FILTER (WHERE is_gone) AS dormant
FROM (SELECT DISTINCT date_trunc('week', day)::DATE AS week FROM days) LEFT JOIN lives USING (week)
GROUP BY ALL
