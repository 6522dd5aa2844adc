-- The typical week: per unit and local hour of the week, the published values unclipped, as a level
-- (a share of what was covered, or a count scaled to what was not), with the number of weeks,
-- the spread between weeks and the mean variance of the noise.
WITH published AS (
    SELECT
        unit,
        version,
        24 * (extract('isodow' FROM local_start) - 1) + extract('hour' FROM local_start) AS slot,
        value * scale AS level,
        (sigma * scale) ** 2 AS noise,
        capacity
    FROM (
        SELECT
            unit,
            version,
            timezone($zone, window_start) AS local_start,
            value,
            sigma,
            capacity,
            CASE WHEN $is_share THEN 1.0 ELSE capacity END / covered AS scale
        FROM figure
        WHERE quantity = $quantity
            AND origin = $origin
            AND value IS NOT NULL
            AND covered > 0
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
