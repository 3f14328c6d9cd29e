"""A password hash for the demonstration, whose passwords are printed on the screen anyway."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class DemonstrationHasher(Argon2PasswordHasher):
    """Argon2 at its cheapest: sixty people are made and a hundred records signed in one go."""

    time_cost = 1
    memory_cost = 256
    parallelism = 1
