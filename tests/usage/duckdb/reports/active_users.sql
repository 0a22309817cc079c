SELECT
    (active_days.day + ago)::DATE AS day,
    count(DISTINCT subject) FILTER (WHERE ago < 1) AS dau,
    count(DISTINCT subject) FILTER (WHERE ago < 7) AS wau,
    count(DISTINCT subject) FILTER (WHERE ago < 28) AS mau28,
    count(DISTINCT subject) AS mau30,
    count(DISTINCT subject) FILTER (WHERE valued AND ago < 28) AS valued_mau28
FROM active_days CROSS JOIN (SELECT unnest(range(30))::INT AS ago)
WHERE active_days.day + ago <= (SELECT max(day) FROM active_days)
GROUP BY ALL
