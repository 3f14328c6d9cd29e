"""The portal, one app per capability over the pure core."""
