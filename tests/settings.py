"""Settings of the test run: a database of its own, a hasher that does not take its time."""

import os
import tempfile

os.environ.setdefault("OPENQMM_DATA", tempfile.mkdtemp(prefix="openqmm-tests-"))
os.environ["OPENQMM_DEMO"] = "no"

from openqmm.site.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
