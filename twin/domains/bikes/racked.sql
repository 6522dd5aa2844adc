-- Bicycles in racks per cell at the daily count: the last count, where a heartbeat confirms it, and at most
-- $overfull times what the rack holds.
WITH expected AS (
    SELECT device.device, device.origin, device.capacity, device.since, cell_hex.cell AS unit
    FROM city.device AS device
    JOIN city.cell_hex AS cell_hex ON cell_hex.hex = device.hex
    WHERE cell_hex.domain = 'bikes'
        AND cell_hex.version = $version
        AND device.domain = 'bikes'
        AND device.layer = 'racks'
        AND device.since <= $window_start
        AND (device.until IS NULL OR device.until > $window_start)
),
-- What a device said while it watched something else is no longer about its unit.
confirmed AS (
    SELECT
        device,
        bool_or(heartbeat) AS is_alive,
        arg_max(least(bikes, CAST(floor($overfull * capacity) AS BIGINT)), (observed_at, seq)) AS bikes
    FROM city.bikes_reading
    JOIN expected USING (device)
    WHERE kind = 'rack'
        AND observed_at > $window_start - INTERVAL 90 MINUTE
        AND observed_at <= $window_start
        AND observed_at >= expected.since
    GROUP BY device
)
SELECT
    expected.unit,
    expected.origin,
    CAST(coalesce(sum(confirmed.bikes) FILTER (WHERE confirmed.is_alive), 0) AS BIGINT) AS value,
    CAST(coalesce(sum(expected.capacity) FILTER (WHERE confirmed.is_alive), 0) AS BIGINT) AS covered,
    CAST(sum(expected.capacity) AS BIGINT) AS capacity
FROM expected
LEFT JOIN confirmed USING (device)
GROUP BY expected.unit, expected.origin
