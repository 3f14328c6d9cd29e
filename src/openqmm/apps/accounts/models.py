"""People, organisations, and the roles that join them for a time."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.hashers import check_password
from django.db import models

from openqmm.core.workflow import OrganisationKind, Role


class UserManager(BaseUserManager["User"]):
    """Finds people by their e-mail address."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """One person. Addresses are unique whatever their case, and are never given again."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    email = models.EmailField(unique=True)
    full_name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField()
    # The trail tells of every sign-in; a column would make each one a change of the person.
    last_login = None
    # Part of what a session is bound to: raised, it ends every session of the person for good.
    session_epoch = models.PositiveIntegerField(default=0)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ("full_name",)

    objects = UserManager()

    class Meta:
        constraints = (
            models.UniqueConstraint(models.functions.Lower("email"), name="person_email_once"),
        )

    def __str__(self) -> str:
        return self.full_name

    def get_full_name(self) -> str:
        return self.full_name

    def get_session_auth_hash(self) -> str:
        # Checked at each request: a session begun before the epoch was raised opens nothing.
        return f"{super().get_session_auth_hash()}{self.session_epoch}"

    def check_password(self, raw_password: str) -> bool:
        """Compare, and write nothing: a hash is renewed when its password is changed."""
        return check_password(raw_password, self.password)


class Organisation(models.Model):
    """A program office, contractor, manufacturer, consultancy or purchaser."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    name = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=20, choices=[(k.value, k.title) for k in OrganisationKind])
    country = models.CharField(max_length=3, help_text="ISO 3166-1 alpha-3")

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """A person in one role for one organisation, from a day until a day.

    `given_at` is when it was recorded, which is never before it could be used; `ended_at` when it
    was ended at once, before its last day was over. An ended membership keeps its row.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=40, choices=[(r.value, r.title) for r in Role])
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    given_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("organisation__name", "role")
        constraints = (
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=models.Q(until_on__isnull=True),
                name="membership_open_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()} at {self.organisation}"


class Interest(models.Model):
    """Work for an organisation outside any membership: it bars like one."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="interests")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    nature = models.CharField(max_length=300)
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)
    declared_at = models.DateTimeField()

    class Meta:
        ordering = ("-declared_at",)

    def __str__(self) -> str:
        return f"{self.person}: {self.nature}, {self.organisation}"


class Invitation(models.Model):
    """A link by which a person sets their password once; only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"Invitation of {self.person}"


class FactorReset(models.Model):
    """A lost second factor: one asks for its removal, another confirms."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="factor_resets")
    reason = models.TextField()
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    asked_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", null=True, blank=True
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-asked_at",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(confirmed_by__isnull=True)
                | ~models.Q(confirmed_by=models.F("asked_by")),
                name="reset_by_two",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(confirmed_at__isnull=True),
                name="reset_asked_once",
            ),
        )

    def __str__(self) -> str:
        return f"Reset of the second factor of {self.person}"


class IdentityCheck(models.Model):
    """Who a person is was checked, before they first sign; and what they then accepted.

    `checked_by` is empty where the office did it from the command line.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.OneToOneField(User, on_delete=models.PROTECT, related_name="identity")
    method = models.CharField(max_length=300)
    document_kind = models.CharField(max_length=100)
    checked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", null=True)
    checked_at = models.DateTimeField()
    attestation = models.TextField(blank=True)
    attested_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(checked_by__isnull=True)
                | ~models.Q(checked_by=models.F("person")),
                name="identity_checked_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"Identity of {self.person}"


class AccessReview(models.Model):
    """One recertification: every membership of an organisation that was confirmed or ended."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="access_reviews"
    )
    reviewer = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()
    confirmed = models.PositiveIntegerField()
    ended = models.PositiveIntegerField()

    class Meta:
        ordering = ("-reviewed_at",)

    def __str__(self) -> str:
        return f"Access review of {self.organisation}, {self.reviewed_at:%Y-%m-%d}"


class ReviewedMembership(models.Model):
    """What a recertification found of one membership."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    review = models.ForeignKey(AccessReview, on_delete=models.PROTECT, related_name="memberships")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="reviews")
    confirmed = models.BooleanField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["review", "membership"], name="reviewed_once"),
        )

    def __str__(self) -> str:
        return f"{self.membership}: {'confirmed' if self.confirmed else 'ended'}"


class ApiKey(models.Model):
    """A key to the REST interface: one membership's, for some scopes, until a day.

    Only the digest of its text is kept; `prefix` is the part of it that may be shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="keys")
    name = models.CharField(max_length=100)
    prefix = models.CharField(max_length=20, unique=True)
    digest = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    made_at = models.DateTimeField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    used_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"
