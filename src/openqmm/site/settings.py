"""The one settings file; what differs between installations comes from the environment."""

from __future__ import annotations

import os
from typing import Any

from csp.constants import NONE, SELF

from openqmm.core.records import LIMITS
from openqmm.site import environment
from openqmm.vault import FolderStore

DATA = environment.folder("OPENQMM_DATA", "var")
DEMO = environment.flag("OPENQMM_DEMO")
DEBUG = environment.flag("OPENQMM_DEBUG")
SECRET_KEY = environment.secret("OPENQMM_SECRET_KEY", DATA / "secret-key")
ALLOWED_HOSTS = environment.words("OPENQMM_HOSTS", "127.0.0.1,localhost,[::1]")
HTTPS = environment.flag("OPENQMM_HTTPS")
BEHIND_PROXY = environment.flag("OPENQMM_BEHIND_PROXY")

# Checkpoints of the trail leave the database; the folder belongs on another machine.
CHECKPOINTS = environment.folder("OPENQMM_CHECKPOINTS", str(DATA / "checkpoints"))
CHECKPOINT_KEY = environment.file("OPENQMM_CHECKPOINT_KEY", DATA / "keys" / "checkpoint.pem")
CHECKPOINT_ORIGIN = environment.word("OPENQMM_ORIGIN", "openqmm.local/trail")

# The seal on PDF files: a key of its own, made on first need, or an operator's and certificate.
SEAL_KEY = environment.file("OPENQMM_SEAL_KEY", DATA / "keys" / "seal.pem")
SEAL_CERTIFICATE = environment.file(
    "OPENQMM_SEAL_CERTIFICATE", DATA / "keys" / "seal-certificate.pem"
)
# The address of a time-stamping authority. Nothing is called over the network unless it is named.
SEAL_TIMESTAMPS = os.environ.get("OPENQMM_SEAL_TIMESTAMPS", "")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "openqmm.web",
    "allauth",
    "allauth.account",
    "csp",
    "openqmm.apps.audit",
    "openqmm.apps.accounts",
    "openqmm.apps.signatures",
    "openqmm.apps.facilities",
    "openqmm.apps.protocols",
    "openqmm.apps.programs",
    "openqmm.apps.evidence",
    "openqmm.apps.assessments",
    "openqmm.apps.ratings",
    "openqmm.apps.disclosure",
    "openqmm.site",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "openqmm.site.middleware.ActorMiddleware",
    "openqmm.site.middleware.NoStoreMiddleware",
    "openqmm.web.refusals.RefusalMiddleware",
]

ROOT_URLCONF = "openqmm.site.urls"
WSGI_APPLICATION = "openqmm.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "openqmm.site.context.shell",
            ],
            "builtins": ["openqmm.web.templatetags.qmm"],
        },
    }
]

DATABASES = {"default": environment.database("OPENQMM_DATABASE", DATA / "openqmm.sqlite3")}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "openqmm.site.demo.hashers.DemonstrationHasher"
    if DEMO
    else "django.contrib.auth.hashers.Argon2PasswordHasher"
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "openqmm.site.adapters.ClosedAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_PREVENT_ENUMERATION = True
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = "OpenQMM <no-reply@localhost>"

SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = HTTPS
# Trusted only where the operator says that a proxy sets it: anybody else could send it.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [SELF],
        "frame-ancestors": [NONE],
    }
}

EVIDENCE_FOLDER = environment.folder("OPENQMM_EVIDENCE", str(DATA / "evidence"))
VIRUS_SCANNER = environment.scanner("OPENQMM_CLAMD")
LARGEST_UPLOAD_BYTES = LIMITS.bytes
FILE_UPLOAD_HANDLERS = ["openqmm.web.uploads.BoundedUploadHandler"]
# On the store's own disk, where the nightly check also sweeps.
FILE_UPLOAD_TEMP_DIR = FolderStore(EVIDENCE_FOLDER).incoming

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
# Assets change only with a release; an hour keeps pages fast without hashing names.
WHITENOISE_MAX_AGE = 3600

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
