-- Weeks: per unit and local week, the mean of its days' levels, over the days with a published value.
-- Noise is the mean variance of the days' noise; spread the variance between days.
WITH daily AS (
    SELECT
        unit,
        version,
        CAST(timezone($zone, window_start) AS DATE) AS day,
        avg(level) AS level,
        sum(noise) / count(*) ** 2 AS noise
    FROM levels($quantity, $origin, $is_share)
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
