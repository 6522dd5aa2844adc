-- The published figures in memory: one row a unit, window and origin of a quantity.
CREATE TABLE figure (
    quantity VARCHAR NOT NULL,
    day DATE NOT NULL,
    unit VARCHAR NOT NULL,
    version INTEGER NOT NULL,
    window_start TIMESTAMPTZ NOT NULL,
    window_end TIMESTAMPTZ NOT NULL,
    origin VARCHAR NOT NULL,
    value BIGINT,
    covered BIGINT NOT NULL,
    capacity BIGINT NOT NULL,
    sigma DOUBLE NOT NULL,
    rho DOUBLE NOT NULL
);

-- The measured figures of a quantity and origin as levels: a share of what was covered, or a count scaled to
-- what was not, with the variance of their noise.
CREATE MACRO levels(wanted, its_origin, is_share) AS TABLE
    SELECT
        unit,
        version,
        window_start,
        capacity,
        value * scale AS level,
        (sigma * scale) ** 2 AS noise
    FROM (
        SELECT *, CASE WHEN is_share THEN 1.0 ELSE capacity END / covered AS scale
        FROM figure
        WHERE quantity = wanted
            AND origin = its_origin
            AND value IS NOT NULL
            AND covered > 0
    );
