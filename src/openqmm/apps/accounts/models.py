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
    """A person in one role for one organisation, from a day until a day."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(max_length=40, choices=[(r.value, r.title) for r in Role])
    from_on = models.DateField()
    until_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("organisation__name", "role")
        constraints = (
            models.UniqueConstraint(
                fields=["person", "organisation", "role"], name="membership_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.get_role_display()} at {self.organisation}"
