-- Occupied bays per cell at a snapshot: the state that every group last confirmed by a heartbeat.
WITH expected AS (
    SELECT device.device, device.origin, device.capacity, device.since, cell_hex.cell AS unit
    FROM city.device AS device
    JOIN city.cell_hex AS cell_hex ON cell_hex.hex = device.hex
    WHERE cell_hex.domain = 'parking'
        AND cell_hex.version = $version
        AND device.domain = 'parking'
        AND device.layer = 'bays'
        AND device.since <= $window_start
        AND (device.until IS NULL OR device.until > $window_start)
),
-- What a device said while it watched something else is no longer about its unit.
confirmed AS (
    SELECT
        device,
        bool_or(heartbeat) AS is_alive,
        arg_max(len(occupied), (observed_at, seq)) AS occupied
    FROM city.parking_reading
    JOIN expected USING (device)
    WHERE kind = 'bays'
        AND observed_at > $window_start - INTERVAL 90 MINUTE
        AND observed_at <= $window_start
        AND observed_at >= expected.since
    GROUP BY device
)
SELECT
    expected.unit,
    expected.origin,
    CAST(coalesce(sum(confirmed.occupied) FILTER (WHERE confirmed.is_alive), 0) AS BIGINT) AS value,
    CAST(coalesce(sum(expected.capacity) FILTER (WHERE confirmed.is_alive), 0) AS BIGINT) AS covered,
    CAST(sum(expected.capacity) AS BIGINT) AS capacity
FROM expected
LEFT JOIN confirmed USING (device)
GROUP BY expected.unit, expected.origin
