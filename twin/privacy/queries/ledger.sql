-- What was spent by account: on the last day for which anything was published, and in the 28 and 365 days up to it.
WITH charge AS (
    SELECT unit, origin, day, rho
    FROM read_parquet($path)
),
latest AS (
    SELECT max(day) AS day
    FROM charge
)
SELECT
    charge.unit,
    charge.origin,
    max(charge.day) AS last_day,
    latest.day AS until,
    coalesce(sum(charge.rho) FILTER (WHERE charge.day = latest.day), 0) AS in_day,
    coalesce(sum(charge.rho) FILTER (WHERE charge.day > latest.day - $month_days), 0) AS in_month,
    coalesce(sum(charge.rho) FILTER (WHERE charge.day > latest.day - $year_days), 0) AS in_year
FROM charge
CROSS JOIN latest
GROUP BY charge.unit, charge.origin, latest.day
ORDER BY charge.unit, charge.origin
