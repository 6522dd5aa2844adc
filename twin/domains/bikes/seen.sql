-- Bicycles of one $state per cell on the day's round: the one that drove through most hexagons, the first of
-- those, so that no bicycle counts twice. Covered and capacity are hexagons driven through, and hexagons in all.
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
survey AS (
    SELECT
        origin,
        device,
        hexes,
        began_at,
        observed_at AS ended,
        coalesce(
            lag(observed_at) OVER (PARTITION BY device, origin ORDER BY observed_at),
            $window_start - INTERVAL 1 SECOND
        ) AS began
    FROM city.bikes_reading
    WHERE kind = 'survey'
        AND observed_at >= $window_start
        AND observed_at < $window_end
),
sighting AS (
    SELECT survey.origin, survey.device, survey.ended, seen.state, seen.hex, seen.bike, seen.observed_at, seen.seq
    FROM survey
    JOIN city.bikes_reading AS seen
        ON seen.device = survey.device
        AND seen.origin = survey.origin
        AND seen.observed_at > survey.began
        AND seen.observed_at <= survey.ended
    WHERE seen.kind = 'sighting'
        AND seen.observed_at >= $window_start
        AND seen.observed_at < $window_end
),
round AS (
    SELECT origin, device, ended, hexes, began_at
    FROM survey
    QUALIFY row_number() OVER (PARTITION BY origin ORDER BY len(list_distinct(hexes)) DESC, ended, device) = 1
),
driven AS (
    SELECT DISTINCT round.origin, passed.hex
    FROM round, unnest(round.hexes) AS passed (hex)
),
bicycle AS (
    SELECT sighting.origin, sighting.hex, sighting.state
    FROM sighting
    JOIN round USING (origin, device, ended)
    WHERE sighting.bike IS NULL OR sighting.observed_at >= round.began_at
    QUALIFY sighting.bike IS NULL
        OR row_number() OVER (
            PARTITION BY sighting.origin, sighting.bike
            ORDER BY sighting.observed_at, sighting.seq, sighting.hex, sighting.state
        ) = 1
),
seen AS (
    SELECT origin, hex, count(*) AS bikes
    FROM bicycle
    WHERE state = $state
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
