-- The typical week: per unit and local hour of the week, the published levels unclipped, with the number
-- of weeks, the spread between weeks and the mean variance of the noise.
WITH published AS (
    SELECT
        unit,
        version,
        24 * (extract('isodow' FROM local_start) - 1) + extract('hour' FROM local_start) AS slot,
        level,
        noise,
        capacity
    FROM (
        SELECT *, timezone($zone, window_start) AS local_start
        FROM levels($quantity, $origin, $is_share)
    )
)
SELECT
    CAST(slot AS INTEGER) AS slot,
    unit,
    version,
    count(*) AS weeks,
    avg(level) AS mean,
    var_samp(level) AS spread,
    avg(noise) AS noise,
    max(capacity) AS capacity
FROM published
GROUP BY slot, unit, version
ORDER BY slot, unit, version
