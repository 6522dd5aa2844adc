-- Loud minutes per cell and hour; covered and capacity are minutes measured and minutes in all.
WITH expected AS (
    SELECT device.device, device.origin, cell_hex.cell AS unit
    FROM city.device AS device
    JOIN city.cell_hex AS cell_hex ON cell_hex.hex = device.hex
    WHERE cell_hex.domain = 'noise'
        AND cell_hex.version = $version
        AND device.domain = 'noise'
        AND device.since <= $window_start
        AND (device.until IS NULL OR device.until > $window_start)
),
heard AS (
    SELECT
        device,
        sum(loud_minutes) AS loud,
        least(sum(minutes), 60) AS minutes
    FROM city.noise_reading
    WHERE observed_at > $window_start
        AND observed_at <= $window_end
    GROUP BY device
)
SELECT
    expected.unit,
    expected.origin,
    CAST(coalesce(sum(heard.loud), 0) AS BIGINT) AS value,
    CAST(coalesce(sum(heard.minutes), 0) AS BIGINT) AS covered,
    CAST(count(*) * 60 AS BIGINT) AS capacity
FROM expected
LEFT JOIN heard USING (device)
GROUP BY expected.unit, expected.origin
