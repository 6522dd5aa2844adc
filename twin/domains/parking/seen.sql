-- Bays seen occupied per cell and day, each bay once: a lower bound, never an occupancy.
WITH bay AS (
    SELECT thing.target AS bay, thing.capacity, cell_hex.cell AS unit
    FROM city.thing AS thing
    JOIN city.cell_hex AS cell_hex ON cell_hex.hex = thing.hex
    WHERE cell_hex.domain = 'parking'
        AND cell_hex.version = $version
        AND thing.layer = 'bays'
),
driven AS (
    SELECT DISTINCT reading.origin, cell_hex.cell AS unit, cell_hex.hex
    FROM city.parking_reading AS reading, unnest(reading.hexes) AS passed (hex)
    JOIN city.cell_hex AS cell_hex ON cell_hex.hex = passed.hex
    WHERE cell_hex.domain = 'parking'
        AND cell_hex.version = $version
        AND reading.kind = 'survey'
        AND reading.observed_at >= $window_start
        AND reading.observed_at < $window_end
),
seen AS (
    SELECT DISTINCT origin, bay
    FROM city.parking_reading
    WHERE kind = 'seen'
        AND observed_at >= $window_start
        AND observed_at < $window_end
),
origin AS (
    SELECT DISTINCT device.origin
    FROM city.device AS device
    WHERE device.domain = 'parking'
        AND device.layer IS NULL
        AND device.since <= $window_start
        AND (device.until IS NULL OR device.until > $window_start)
),
covered AS (
    SELECT driven.origin, driven.unit, sum(thing.capacity) AS covered
    FROM driven
    JOIN city.thing AS thing ON thing.hex = driven.hex AND thing.layer = 'bays'
    GROUP BY driven.origin, driven.unit
)
SELECT
    bay.unit,
    origin.origin,
    CAST(count(seen.bay) AS BIGINT) AS value,
    CAST(coalesce(any_value(covered.covered), 0) AS BIGINT) AS covered,
    CAST(sum(bay.capacity) AS BIGINT) AS capacity
FROM bay
CROSS JOIN origin
LEFT JOIN seen ON seen.bay = bay.bay AND seen.origin = origin.origin
LEFT JOIN covered ON covered.unit = bay.unit AND covered.origin = origin.origin
GROUP BY bay.unit, origin.origin
