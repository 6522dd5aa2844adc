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
