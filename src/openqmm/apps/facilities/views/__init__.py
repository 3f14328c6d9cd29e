"""Pages of facilities, and of the public records about them."""
