CREATE TABLE city.thing (
    layer VARCHAR NOT NULL,
    target VARCHAR NOT NULL,
    capacity BIGINT NOT NULL,
    hex VARCHAR NOT NULL,
    geom GEOMETRY('{crs}')
);
CREATE TABLE city.cell_hex (
    domain VARCHAR NOT NULL,
    version BIGINT NOT NULL,
    cell VARCHAR NOT NULL,
    hex VARCHAR NOT NULL
);
CREATE TABLE city.device (
    device VARCHAR NOT NULL,
    domain VARCHAR NOT NULL,
    origin VARCHAR NOT NULL,
    layer VARCHAR,
    target VARCHAR,
    capacity BIGINT NOT NULL,
    hex VARCHAR,
    since TIMESTAMPTZ NOT NULL,
    until TIMESTAMPTZ
);
CREATE TABLE city.progress (
    device VARCHAR NOT NULL,
    boot VARCHAR NOT NULL,
    first_seq BIGINT NOT NULL,
    last_seq BIGINT NOT NULL,
    beyond BIGINT[],
    batch BIGINT NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE city.recent (
    digest VARCHAR NOT NULL,
    observed_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE city.rejected (
    received_at TIMESTAMPTZ NOT NULL,
    device VARCHAR,
    domain VARCHAR,
    reason VARCHAR NOT NULL,
    field VARCHAR,
    refused BIGINT NOT NULL,
    largest_bytes BIGINT NOT NULL
);
CREATE TABLE city.release (
    quantity VARCHAR NOT NULL,
    day DATE NOT NULL,
    unit VARCHAR NOT NULL,
    version BIGINT NOT NULL,
    window_start TIMESTAMPTZ NOT NULL,
    window_end TIMESTAMPTZ NOT NULL,
    origin VARCHAR NOT NULL,
    value BIGINT,
    covered BIGINT NOT NULL,
    capacity BIGINT NOT NULL,
    sigma DOUBLE NOT NULL,
    rho DOUBLE NOT NULL
);
CREATE TABLE city.charge (
    quantity VARCHAR NOT NULL,
    origin VARCHAR NOT NULL,
    window_start TIMESTAMPTZ NOT NULL,
    rho DOUBLE NOT NULL
);
CREATE TABLE city.closed (
    quantity VARCHAR NOT NULL,
    until TIMESTAMPTZ NOT NULL
);
CREATE TABLE city.too_late (
    domain VARCHAR NOT NULL,
    origin VARCHAR NOT NULL,
    day DATE NOT NULL,
    readings BIGINT NOT NULL
);
