"""SQLite, with the open event known to its triggers and the trail shut to change."""
