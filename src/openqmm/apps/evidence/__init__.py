"""Files a manufacturer keeps as evidence of how its facilities work."""
