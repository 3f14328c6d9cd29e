"""The trail's rows. They hold no foreign keys into the records they tell of, so that they never
interfere with them and outlive them."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.db import models

from openqmm.core.workflow import Role

INSTALLATION = UUID(int=0)
"""The trail of what belongs to no organisation."""


class Versioned(models.Model):
    """A record that counts its changes in `version`, so that nobody writes over, or decides on,
    what somebody else has changed since. `OpenEvent.update` alone raises it."""

    version = models.PositiveIntegerField(default=1)

    class Meta:
        abstract = True


class TrailHead(models.Model):
    """How far an organisation's trail has come: the lock under which its next event is written.

    `frontier` holds the roots of its perfect subtrees, largest first; all of it can be computed
    from the events, and verification does.
    """

    trail_id = models.UUIDField(primary_key=True)
    size = models.PositiveBigIntegerField()
    leaf = models.CharField(max_length=64)
    frontier = models.TextField()

    def __str__(self) -> str:
        return f"Trail {self.trail_id}, {self.size} events"


class AuditEvent(models.Model):
    """One act: who did what, to which record, when by the server's clock, and why.

    It stands at `seq` on the trail `trail_id` (an organisation's id). `content` is the canonical
    text of it all, which `leaf` binds; the other columns repeat it for searching.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    trail_id = models.UUIDField()
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)
    actor_name = models.CharField(max_length=200)
    actor_role = models.CharField(max_length=40, choices=[(r.value, r.title) for r in Role])
    actor_organisation_id = models.UUIDField(null=True)
    what = models.CharField(max_length=60)
    sentence = models.TextField()
    why = models.TextField(blank=True)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=60)
    salt = models.CharField(max_length=64)
    content = models.TextField()
    prev = models.CharField(max_length=64)
    leaf = models.CharField(max_length=64)

    class Meta:
        ordering = ("at", "seq")
        # As few as reading needs: every index is one more page to write at every save.
        indexes = (
            models.Index(fields=["subject_id", "at"], name="audit_subject"),
            models.Index(fields=["actor_id", "at"], name="audit_actor"),
        )
        constraints = (
            models.UniqueConstraint(fields=["trail_id", "seq"], name="event_place_once"),
        )

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.actor_name} {self.sentence}"


class AuditChange(models.Model):
    """One record that an event made, changed or removed: its row before and after, as the
    database's own trigger wrote it."""

    event = models.ForeignKey(AuditEvent, on_delete=models.PROTECT, related_name="changes")
    table_name = models.CharField(max_length=60)
    record_id = models.CharField(max_length=60)
    before = models.TextField(null=True)  # noqa: DJ001  (no row, which is not an empty text)
    after = models.TextField(null=True)  # noqa: DJ001

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=["record_id"], name="audit_record"),)

    def __str__(self) -> str:
        return f"{self.table_name} {self.record_id}"


class Anchor(models.Model):
    """All trails' heads at one tick, tied into one leaf of the installation's tree."""

    tick = models.PositiveBigIntegerField(primary_key=True)
    position = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    seed = models.CharField(max_length=64)
    capacity = models.PositiveIntegerField()
    root = models.CharField(max_length=64)

    class Meta:
        ordering = ("tick",)

    def __str__(self) -> str:
        return f"Anchor {self.position} at {self.at:%Y-%m-%d %H:%M}"


class AnchoredHead(models.Model):
    """One trail's head as an anchor holds it, in a slot that chance chose."""

    anchor = models.ForeignKey(Anchor, on_delete=models.PROTECT, related_name="heads")
    trail_id = models.UUIDField(db_index=True)
    slot = models.PositiveIntegerField()
    size = models.PositiveBigIntegerField()
    root = models.CharField(max_length=64)
    salt = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["anchor", "trail_id"], name="anchored_once"),
            models.UniqueConstraint(fields=["anchor", "slot"], name="slot_once"),
        )

    def __str__(self) -> str:
        return f"Head of {self.trail_id} at {self.anchor_id}"


class Signature(models.Model):
    """A person's signature under the exact content of a record.

    `statement` is the canonical text that was shown and signed: the content, the meaning, the
    record and the signer; `digest` is its SHA-256. `binding` ties the signature's id and the way
    it was made to that digest. The other columns repeat the statement for searching. `zone` is
    the time zone in which the moment was shown.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    signer_id = models.UUIDField()
    signer_name = models.CharField(max_length=200)
    signer_role = models.CharField(max_length=40, choices=[(r.value, r.title) for r in Role])
    organisation_name = models.CharField(max_length=200)
    meaning = models.CharField(max_length=200)
    signed_at = models.DateTimeField()
    zone = models.CharField(max_length=40)
    record_type = models.CharField(max_length=60)
    record_id = models.CharField(max_length=60, db_index=True)
    statement = models.TextField()
    digest = models.CharField(max_length=64)
    challenge = models.CharField(max_length=64)
    components = models.CharField(max_length=60)
    binding = models.CharField(max_length=64)

    class Meta:
        ordering = ("signed_at",)
        constraints = (models.UniqueConstraint(fields=["challenge"], name="challenge_signed_once"),)

    def __str__(self) -> str:
        return f"{self.signer_name}, {self.signed_at:%Y-%m-%d %H:%M} UTC: {self.meaning}"


class TrailReview(models.Model):
    """An auditor's review of a period of a trail: events drawn by `seed` and all those of `kinds`.

    `left_out` names the events the reviewer did themselves; somebody else reviews those.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    trail_id = models.UUIDField(db_index=True)
    from_on = models.DateField("first day")
    until_on = models.DateField("last day")
    kinds = models.JSONField("all events of these kinds", default=list)
    seed = models.CharField(max_length=64)
    left_out = models.JSONField("left out as the reviewer's own", default=list)
    reviewer_id = models.UUIDField()
    reviewer_name = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    outcome = models.TextField(blank=True)
    closed_at = models.DateTimeField("signed off at", null=True)

    class Meta:
        ordering = ("-opened_at",)

    def __str__(self) -> str:
        return f"Review of {self.from_on} to {self.until_on}"


class ReviewedEvent(models.Model):
    """One event of a review's sample; `exception` is None until the reviewer has looked at it."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    review = models.ForeignKey(TrailReview, on_delete=models.PROTECT, related_name="sample")
    event_id = models.UUIDField()
    position = models.PositiveIntegerField()
    exception = models.BooleanField(null=True)
    words = models.TextField(blank=True)

    class Meta:
        ordering = ("position",)
        constraints = (
            models.UniqueConstraint(fields=["review", "event_id"], name="event_reviewed_once"),
        )

    def __str__(self) -> str:
        return f"Event {self.event_id} in a review"


class DoneOnce(models.Model):
    """A form that was sent, and what it was answered: the same form again is answered the same.

    No record of the program, and on no trail: it says nothing that the event written with it does
    not say, it is swept after a week, and no rule looks at it but the one that a form takes effect
    once. It is written and lost in one transaction with what the form did.
    """

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    key = models.CharField(max_length=80)
    content = models.CharField(max_length=64)
    person_id = models.UUIDField()
    route = models.CharField(max_length=200)
    event_id = models.UUIDField(null=True)
    location = models.CharField(max_length=500, blank=True)
    messages = models.JSONField(default=list)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["key", "content"], name="form_once"),)

    def __str__(self) -> str:
        return f"{self.route} at {self.at:%Y-%m-%d %H:%M}"
