CREATE TABLE IF NOT EXISTS device (
    device TEXT NOT NULL,
    domain TEXT NOT NULL,
    origin TEXT NOT NULL,
    layer TEXT,
    target TEXT,
    capacity INTEGER NOT NULL,
    x_m REAL,
    y_m REAL,
    hex TEXT,
    since TEXT NOT NULL,
    until TEXT
);

CREATE UNIQUE INDEX IF NOT EXISTS device_in_force ON device (device) WHERE until IS NULL;

CREATE TABLE IF NOT EXISTS credential (
    name TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    hash TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS revision (number INTEGER NOT NULL);

INSERT INTO revision (number)
SELECT 0
WHERE NOT EXISTS (SELECT 1 FROM revision);
