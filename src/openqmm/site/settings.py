"""The one settings file; what differs between installations comes from the environment."""

from __future__ import annotations

import os
from datetime import timedelta
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
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "axes",
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
    "openqmm.site.middleware.DeniedAccessMiddleware",
    "openqmm.site.once.OnceMiddleware",
    "openqmm.web.refusals.RefusalMiddleware",
    "axes.middleware.AxesMiddleware",
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
# The first of them knows who is locked out; the second checks passwords.
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "openqmm.site.sign_in.backends.PasswordBackend",
]
PASSWORD_HASHERS = [
    "openqmm.site.demo.hashers.DemonstrationHasher"
    if DEMO
    else "django.contrib.auth.hashers.Argon2PasswordHasher"
]
# Length and known leaks, nothing else: rules of composition make passwords worse, and so does
# changing them by the calendar (docs/decisions/0013).
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 15},
    },
    {"NAME": "openqmm.site.sign_in.passwords.NotListedValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60
# What counts attempts must be one count for all server processes, and outlive them.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "shared_counts",
        "OPTIONS": {"MAX_ENTRIES": 200_000, "CULL_FREQUENCY": 10},
    }
}
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "openqmm.site.adapters.ClosedAccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_FORMS = {"login": "openqmm.site.sign_in.forms.SignInForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
# The session ends with the browser at the latest; how long it lasts is the rules' business.
ACCOUNT_SESSION_REMEMBER = False
# An attempt is counted before it is made, so that many at once are counted too. One person: five.
# One address: many, for a whole plant may stand behind it, and an attacker among them.
ACCOUNT_RATE_LIMITS = {
    "login": "120/m/ip",
    "login_failed": "100/15m/ip,5/15m/key",
    "reset_password": "20/m/ip,3/15m/key",
}
AXES_LOCKOUT_PARAMETERS = ["username"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False
AXES_ENABLE_ADMIN = False
AXES_USERNAME_CALLABLE = "openqmm.site.sign_in.lockout.attempted_name"
AXES_CLIENT_IP_CALLABLE = "openqmm.site.sign_in.lockout.client_address"
AXES_LOCKOUT_CALLABLE = "openqmm.site.sign_in.lockout.locked_out"
# The library's advice is for limits by browser; a count by person cannot be escaped by changing it.
SILENCED_SYSTEM_CHECKS = ["axes.W006"]
# Somebody in a hurry types a password where the address belongs.
AXES_SENSITIVE_PARAMETERS = ["login", "email", "username", "ip_address", "next"]
AXES_PASSWORD_FORM_FIELD = "password"  # noqa: S105  (the field's name)

MFA_ADAPTER = "openqmm.site.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_RATE_LIMITS = {"webauthn_login": "120/m/ip"}
MFA_TOTP_TOLERANCE = 1
MFA_TOTP_ISSUER = "OpenQMM"
MFA_RECOVERY_CODE_DIGITS = 10
MFA_FORMS = {
    "authenticate": "openqmm.site.sign_in.forms.CodeForm",
    "authenticate_webauthn": "openqmm.site.sign_in.forms.PasskeyForm",
    "login_webauthn": "openqmm.site.sign_in.forms.PasskeySignInForm",
}
# A browser that may skip the second factor for a while is a second factor that is not there.
MFA_TRUST_ENABLED = False
# A signature takes the password and a code or passkey; the demonstration's pages show the code.
SIGNING_NEEDS_SECOND_FACTOR = True

OIDC = environment.single_sign_on()
SOCIALACCOUNT_ADAPTER = "openqmm.site.adapters.ClosedSocialAdapter"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [OIDC.as_app()] if OIDC else []}}
EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
DEFAULT_FROM_EMAIL = "OpenQMM <no-reply@localhost>"

# The prefix makes a browser refuse the cookie from anybody but this very host, over HTTPS.
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrftoken" if HTTPS else "csrftoken"
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
