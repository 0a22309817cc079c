WITH brackets AS (SELECT * FROM (VALUES ('1', 1, 1), ('2-7', 2, 7), ('8-14', 8, 14), ('15-28', 15, 28)) AS it (bracket, low, high))
SELECT
    first AS cohort, bracket,
    count(DISTINCT subject) AS members,
    count(DISTINCT subject) FILTER (WHERE day - first BETWEEN low AND high) AS retained_in_numerator,
    count(DISTINCT subject) AS retained_in_denominator
FROM active_days JOIN first_days USING (subject), brackets
GROUP BY ALL
