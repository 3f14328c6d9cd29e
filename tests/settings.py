"""Settings of the test run: a database of its own, a hasher that does not take its time."""

import os
import tempfile

os.environ.setdefault("OPENQMM_DATA", tempfile.mkdtemp(prefix="openqmm-tests-"))
os.environ["OPENQMM_DEMO"] = "no"

from openqmm.site.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if DATABASES["default"]["ENGINE"].endswith("sqlite"):  # noqa: F405
    # A file, so that the journeys' server and the test share it; nobody waits for the disk.
    DATABASES["default"]["TEST"] = {"NAME": DATA / "test.sqlite3"}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] = (  # noqa: F405
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA recursive_triggers=ON;"
    )
# Stories that are not about signing in sign by password alone, by people without a second factor.
SIGNING_NEEDS_SECOND_FACTOR = False
