SELECT
    days.day,
    count(DISTINCT subject) FILTER (WHERE ago < 1) AS dau,
    count(DISTINCT subject) FILTER (WHERE ago < 7) AS wau,
    count(DISTINCT subject) FILTER (WHERE ago < 28) AS mau28,
    count(DISTINCT subject) AS mau30,
    count(DISTINCT subject) FILTER (WHERE valued AND ago < 1) AS valued_dau,
    count(DISTINCT subject) FILTER (WHERE valued AND ago < 7) AS valued_wau,
    count(DISTINCT subject) FILTER (WHERE valued AND ago < 28) AS valued_mau28,
    count(DISTINCT subject) FILTER (WHERE valued) AS valued_mau30,
    count(*) FILTER (WHERE ago < 28) AS stickiness_numerator,
    28 * count(DISTINCT subject) FILTER (WHERE ago < 28) AS stickiness_denominator,
    least(30, greatest(0, days.day - (SELECT min(first) FROM first_days) + 1)) AS history_days
FROM days LEFT JOIN (SELECT subject, valued, (day + ago)::DATE AS day, ago FROM active_days, lookback) USING (day)
GROUP BY ALL
