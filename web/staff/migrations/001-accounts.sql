CREATE TABLE account (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    identity TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    password_hash TEXT,
    created_at TEXT NOT NULL
)

CREATE TABLE session (
    token_hash TEXT PRIMARY KEY,
    account TEXT NOT NULL REFERENCES account (id),
    started_at TEXT NOT NULL,
    seen_at TEXT NOT NULL
)

CREATE INDEX session_by_account ON session (account)

CREATE TABLE tried (
    id TEXT PRIMARY KEY,
    what TEXT NOT NULL,
    who TEXT NOT NULL,
    at TEXT NOT NULL
)

CREATE INDEX tried_by_who ON tried (what, who, at)

CREATE TABLE audit (
    id TEXT PRIMARY KEY,
    at TEXT NOT NULL,
    who TEXT NOT NULL,
    action TEXT NOT NULL,
    what TEXT NOT NULL,
    detail TEXT NOT NULL
)
