-- Cars per garage at a snapshot: the last count, where a heartbeat confirms it, and at most $overfull times what
-- the garage holds.
WITH expected AS (
    SELECT device, origin, capacity, since, target AS unit
    FROM city.device
    WHERE domain = 'parking'
        AND layer = 'garages'
        AND since <= $window_start
        AND (until IS NULL OR until > $window_start)
),
-- What a device said while it watched something else is no longer about its unit.
confirmed AS (
    SELECT
        device,
        bool_or(heartbeat) AS is_alive,
        arg_max(least(cars, CAST(floor($overfull * capacity) AS BIGINT)), (observed_at, seq)) AS cars
    FROM city.parking_reading
    JOIN expected USING (device)
    WHERE kind = 'garage'
        AND observed_at > $window_start - INTERVAL 90 MINUTE
        AND observed_at <= $window_start
        AND observed_at >= expected.since
    GROUP BY device
)
SELECT
    expected.unit,
    expected.origin,
    CAST(coalesce(sum(confirmed.cars) FILTER (WHERE confirmed.is_alive), 0) AS BIGINT) AS value,
    CAST(coalesce(sum(expected.capacity) FILTER (WHERE confirmed.is_alive), 0) AS BIGINT) AS covered,
    CAST(sum(expected.capacity) AS BIGINT) AS capacity
FROM expected
LEFT JOIN confirmed USING (device)
GROUP BY expected.unit, expected.origin
