"""The demonstration: two pilots told from application to published rating. All of it is invented."""
