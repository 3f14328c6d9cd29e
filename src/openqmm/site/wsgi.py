"""The WSGI entry point; it refuses to come up where a start-up check fails."""

import os

from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "openqmm.site.settings")
application = get_wsgi_application()

_faults = [str(fault) for fault in run_checks() if fault.is_serious()]
if _faults:
    raise ImproperlyConfigured("\n".join(_faults))
