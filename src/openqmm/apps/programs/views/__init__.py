"""Pages of rounds and applications: of the office, of the applicants, of everybody."""
