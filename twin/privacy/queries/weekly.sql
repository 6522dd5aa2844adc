-- Weeks: per unit and local week, the mean of its days' levels (a share of what was covered, or a
-- count scaled to what was not), over the days with a published value. Noise is the mean variance
-- of the days' noise; spread the variance between days.
WITH published AS (
    SELECT
        unit,
        version,
        day,
        value * scale AS level,
        (sigma * scale) ** 2 AS noise
    FROM (
        SELECT
            unit,
            version,
            CAST(timezone($zone, window_start) AS DATE) AS day,
            value,
            sigma,
            CASE WHEN $is_share THEN 1.0 ELSE capacity END / covered AS scale
        FROM figure
        WHERE quantity = $quantity
            AND origin = $origin
            AND value IS NOT NULL
            AND covered > 0
    )
),
daily AS (
    SELECT
        unit,
        version,
        day,
        avg(level) AS level,
        sum(noise) / count(*) ** 2 AS noise
    FROM published
    GROUP BY unit, version, day
)
SELECT
    unit,
    version,
    CAST(date_trunc('week', day) AS DATE) AS week,
    avg(level) AS level,
    avg(noise) AS noise,
    var_samp(level) AS spread,
    count(*) AS days
FROM daily
GROUP BY unit, version, week
ORDER BY unit, version, week
