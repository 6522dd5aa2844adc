-- A charge names the unit it was spent on, the local day, and the whole window; its ρ is what it added to that day.
CREATE TABLE city.spent (
    unit VARCHAR NOT NULL,
    origin VARCHAR NOT NULL,
    day DATE NOT NULL,
    quantity VARCHAR NOT NULL,
    window_start TIMESTAMPTZ NOT NULL,
    window_end TIMESTAMPTZ NOT NULL,
    rho DOUBLE NOT NULL
);
INSERT INTO city.spent
SELECT
    CASE charge.quantity
        WHEN 'parking_occupied' THEN 'bay'
        WHEN 'parking_seen' THEN 'bay'
        WHEN 'parking_garage' THEN 'garage_place'
        WHEN 'bikes_racked' THEN 'bicycle'
        WHEN 'bikes_loose' THEN 'bicycle'
        WHEN 'bikes_dumped' THEN 'dumped_bicycle'
        WHEN 'footfall_passages' THEN 'passage'
        ELSE charge.quantity
    END,
    charge.origin,
    released.day,
    charge.quantity,
    charge.window_start,
    released.window_end,
    CASE
        WHEN charge.quantity = 'footfall_passages' AND row_number() OVER (
            PARTITION BY charge.quantity, charge.origin, released.day ORDER BY charge.window_start
        ) > 1 THEN 0
        ELSE charge.rho
    END
FROM city.charge AS charge
JOIN (
    SELECT DISTINCT quantity, origin, day, window_start, window_end FROM city.release
) AS released USING (quantity, origin, window_start);
DROP TABLE city.charge;
ALTER TABLE city.spent RENAME TO charge;
