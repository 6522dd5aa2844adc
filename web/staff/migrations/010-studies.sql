CREATE TABLE study (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    day TEXT NOT NULL,
    runs INTEGER NOT NULL,
    futures TEXT NOT NULL,
    owner TEXT NOT NULL,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    is_archived BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    queued_at TEXT,
    reason TEXT
)

CREATE TABLE variant (
    id TEXT PRIMARY KEY,
    study TEXT NOT NULL REFERENCES study (id),
    position INTEGER NOT NULL,
    title TEXT NOT NULL,
    plan TEXT NOT NULL,
    sweep TEXT,
    value FLOAT
)

CREATE INDEX variant_by_study ON variant (study, position)
