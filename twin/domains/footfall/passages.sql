-- Passages per cell and hour; covered and capacity are seconds counted and seconds in all.
WITH expected AS (
    SELECT device.device, device.origin, cell_hex.cell AS unit
    FROM city.device AS device
    JOIN city.cell_hex AS cell_hex ON cell_hex.hex = device.hex
    WHERE cell_hex.domain = 'footfall'
        AND cell_hex.version = $version
        AND device.domain = 'footfall'
        AND device.since <= $window_start
        AND (device.until IS NULL OR device.until > $window_start)
),
counted AS (
    SELECT
        device,
        sum(passages) AS passages,
        least(sum(interval_s), 3600) AS seconds
    FROM city.footfall_reading
    WHERE kind = 'passages'
        AND observed_at - to_seconds(interval_s) >= $window_start
        AND observed_at - to_seconds(interval_s) < $window_end
        AND observed_at >= $window_start
        AND observed_at < $window_end + INTERVAL 1 HOUR
    GROUP BY device
)
SELECT
    expected.unit,
    expected.origin,
    CAST(coalesce(sum(counted.passages), 0) AS BIGINT) AS value,
    CAST(coalesce(sum(counted.seconds), 0) AS BIGINT) AS covered,
    CAST(count(*) * 3600 AS BIGINT) AS capacity
FROM expected
LEFT JOIN counted USING (device)
GROUP BY expected.unit, expected.origin
