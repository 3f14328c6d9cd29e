"""The demonstration: two pilots from application to published rating, all of it invented."""
