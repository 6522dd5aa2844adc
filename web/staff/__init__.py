"""What staff have that residents need not: accounts, sessions, an audit log, and their database."""
