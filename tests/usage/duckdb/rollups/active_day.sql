SELECT
    (active_days.day + ago)::DATE AS local_day,
    organic,
    getvariable('zone') AS zone,
    count(DISTINCT subject) FILTER (WHERE ago < 1) AS dau,
    count(DISTINCT subject) FILTER (WHERE ago < 7) AS wau,
    count(DISTINCT subject) FILTER (WHERE ago < 28) AS mau28,
    count(DISTINCT subject) AS mau30,
    count(DISTINCT subject) FILTER (WHERE valued AND ago < 1) AS valued_dau,
    count(DISTINCT subject) FILTER (WHERE valued AND ago < 7) AS valued_wau,
    count(DISTINCT subject) FILTER (WHERE valued AND ago < 28) AS valued_mau28,
    count(DISTINCT subject) FILTER (WHERE valued) AS valued_mau30
FROM active_days CROSS JOIN (SELECT unnest(range(30))::INT AS ago)
GROUP BY ALL
