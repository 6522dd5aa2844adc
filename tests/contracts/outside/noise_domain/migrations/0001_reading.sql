CREATE TABLE city.noise_reading (
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
    minutes BIGINT,
    loud_minutes BIGINT,
    level_db DOUBLE
);
