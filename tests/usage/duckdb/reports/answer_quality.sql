WITH known AS (
    SELECT
        day, scenario,
        coalesce(COLUMNS(* EXCLUDE (day, scenario)), 0)
    FROM groups LEFT JOIN judged_by_group USING (day, scenario)
)
SELECT
    *,
    rated_up AS csat_numerator,
    rated_up + rated_down AS csat_denominator,
    rated_up + rated_down AS response_rate_numerator,
    shown_answers AS response_rate_denominator,
    satisfied_strict AS satisfied_strict_share_numerator,
    answers AS satisfied_strict_share_denominator,
    satisfied_strict + satisfied_broad AS satisfied_broad_share_numerator,
    answers AS satisfied_broad_share_denominator,
    unsatisfied AS unsatisfied_share_numerator,
    answers AS unsatisfied_share_denominator,
    quality_unknown AS quality_unknown_share_numerator,
    answers AS quality_unknown_share_denominator,
    copied AS copy_rate_numerator,
    shown_answers AS copy_rate_denominator,
    regenerated AS regenerate_rate_numerator,
    shown_answers AS regenerate_rate_denominator,
    stopped_early AS stop_rate_numerator,
    shown_answers AS stop_rate_denominator,
    abandoned AS abandonment_rate_numerator,
    answers AS abandonment_rate_denominator
FROM known
