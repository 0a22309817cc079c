WITH cohorts AS (SELECT first AS cohort, count(*) AS members FROM first_days GROUP BY ALL),
cells AS (SELECT *, unnest(range(57)) AS "offset" FROM cohorts),
lives AS (SELECT subject, first AS cohort, day - first AS n FROM active_days JOIN first_days USING (subject)),
counted AS (
    SELECT
        cells.cohort, "offset", members,
        count(DISTINCT subject) FILTER (WHERE n = "offset") AS here,
        count(DISTINCT subject) FILTER (WHERE n BETWEEN "offset" AND 56) AS here_or_after
    FROM cells JOIN lives ON lives.cohort = cells.cohort
    GROUP BY ALL
)
SELECT
    cohort, "offset", members,
    here AS retained_on_numerator,
    members AS retained_on_denominator,
    six_digits(wilson_middle(here, members) - wilson_half(here, members)) AS retained_on_low,
    six_digits(wilson_middle(here, members) + wilson_half(here, members)) AS retained_on_high,
    here_or_after AS retained_on_or_after_numerator,
    members AS retained_on_or_after_denominator
FROM counted
