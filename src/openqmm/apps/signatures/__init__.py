"""Electronic signatures: the ceremony, what a signature binds, and whether it still holds."""
