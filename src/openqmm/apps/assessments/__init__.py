"""Teams, blind scores and consensus."""
