"""PostgreSQL, run by a role that owns nothing, with the open event and the reader known to it."""
