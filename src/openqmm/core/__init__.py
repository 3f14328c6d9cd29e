"""The domain core: data in, frozen dataclasses out; no web framework, no network, no clock."""
