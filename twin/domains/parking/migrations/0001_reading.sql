CREATE TABLE city.parking_reading (
    device VARCHAR NOT NULL,
    boot VARCHAR,
    seq BIGINT,
    observed_at TIMESTAMPTZ NOT NULL,
    received_at TIMESTAMPTZ NOT NULL,
    origin VARCHAR NOT NULL,
    kind VARCHAR NOT NULL,
    heartbeat BOOLEAN NOT NULL,
    target VARCHAR,
    hex VARCHAR,
    geom GEOMETRY('{crs}'),
    occupied BIGINT[],
    cars BIGINT,
    bay VARCHAR,
    hexes VARCHAR[]
);
