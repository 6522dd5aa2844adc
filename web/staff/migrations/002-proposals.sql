CREATE TABLE proposal (
    id TEXT PRIMARY KEY,
    state TEXT NOT NULL,
    content TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by TEXT NOT NULL
)

CREATE TABLE answer (
    proposal TEXT NOT NULL REFERENCES proposal (id),
    who TEXT NOT NULL,
    choice INTEGER NOT NULL,
    text TEXT,
    PRIMARY KEY (proposal, who)
)
