"""The sites that are rated, and the public records about them."""
