-- Bicycles of one $state per cell on the day's survey; covered and capacity are hexagons driven through and in all.
WITH cell AS (
    SELECT hex, cell AS unit
    FROM city.cell_hex
    WHERE domain = 'bikes'
        AND version = $version
),
origin AS (
    SELECT DISTINCT origin
    FROM city.device
    WHERE domain = 'bikes'
        AND layer IS NULL
        AND since <= $window_start
        AND (until IS NULL OR until > $window_start)
),
driven AS (
    SELECT DISTINCT reading.origin, passed.hex
    FROM city.bikes_reading AS reading, unnest(reading.hexes) AS passed (hex)
    WHERE reading.kind = 'survey'
        AND reading.observed_at >= $window_start
        AND reading.observed_at < $window_end
),
seen AS (
    SELECT origin, hex, count(*) AS bikes
    FROM city.bikes_reading
    WHERE kind = 'sighting'
        AND state = $state
        AND observed_at >= $window_start
        AND observed_at < $window_end
    GROUP BY origin, hex
)
SELECT
    cell.unit,
    origin.origin,
    CAST(coalesce(sum(seen.bikes) FILTER (WHERE driven.hex IS NOT NULL), 0) AS BIGINT) AS value,
    CAST(count(driven.hex) AS BIGINT) AS covered,
    CAST(count(*) AS BIGINT) AS capacity
FROM cell
CROSS JOIN origin
LEFT JOIN driven ON driven.hex = cell.hex AND driven.origin = origin.origin
LEFT JOIN seen ON seen.hex = cell.hex AND seen.origin = origin.origin
GROUP BY cell.unit, origin.origin
