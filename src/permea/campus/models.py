"""Equipment that two sides share with its bookings, and students whom they place together."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.db.models import F, Q
from django.utils.translation import pgettext_lazy

from permea.agreements.models import Agreement
from permea.foundation.models import Record
from permea.people.models import Organisation, Person


class Equipment(Record):
    """A machine or a room of `owner`, the firm or one of its partners; `organisation` is the firm that keeps it here.

    `weekdays` are numbers from 0 for Monday, `opens` and `closes` hours of the day in `time_zone`; it closes at
    midnight where `closes` is 0:00. `rate` is in hundredths of `currency` for an hour, 0 where it is free; lengths are
    in minutes, `notice` in hours.
    """

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="equipment")
    owner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="owned_equipment")
    name = models.CharField(max_length=160)
    about = models.TextField(max_length=4000)
    place = models.CharField(max_length=200)
    users = models.CharField(max_length=400, blank=True)
    language = models.CharField(max_length=10, default="en")
    needs_introduction = models.BooleanField(default=False)
    rate = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3, default="EUR")
    weekdays = models.JSONField(default=list)
    opens = models.TimeField()
    closes = models.TimeField()
    time_zone = models.CharField(max_length=60, default="Europe/Berlin")
    shortest = models.PositiveIntegerField()
    longest = models.PositiveIntegerField()
    notice = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="equipment_longest_is_not_shorter", condition=Q(shortest__gte=1, longest__gte=F("shortest"))
            ),
        )
        indexes = (models.Index(name="equipment_by_firm", fields=["organisation", "name"]),)

    def __str__(self) -> str:
        """Return the name."""
        return self.name

    @property
    def price(self) -> Decimal:
        """Return what an hour costs, in whole units of the currency."""
        return Decimal(self.rate) / 100


class Sharing(Record):
    """That a partner and the firm share a piece of equipment under an agreement; while that holds, both see it."""

    equipment = models.ForeignKey(Equipment, on_delete=models.CASCADE, related_name="sharings")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="shared_equipment")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="shared_equipment")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(name="equipment_shared_once", fields=["equipment", "partner"]),)

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class Introduction(Record):
    """That somebody of an organisation was shown by the owner's people how to use a piece of equipment."""

    equipment = models.ForeignKey(Equipment, on_delete=models.CASCADE, related_name="introductions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=160)
    on = models.DateField()
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(name="introduction_once", fields=["equipment", "organisation", "name"]),
        )  # fmt: skip

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class Booking(Record):
    """A time at which people of `user` use a piece of equipment, its owner's own people included.

    `rate` and `currency` are those of the day it was asked for. `used` are minutes said by one side (`used_is_owner`
    says which) and agreed by the other. `agreement` is none where the owner uses what is its own.
    """

    class State(models.TextChoices):
        ASKED = "asked", pgettext_lazy("booking", "Asked for")
        CONFIRMED = "confirmed", pgettext_lazy("booking", "Confirmed")
        REFUSED = "refused", pgettext_lazy("booking", "Refused")
        CANCELLED = "cancelled", pgettext_lazy("booking", "Cancelled")

    equipment = models.ForeignKey(Equipment, on_delete=models.CASCADE, related_name="bookings")
    user = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="bookings")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="bookings", null=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    purpose = models.CharField(max_length=400)
    people = models.JSONField(default=list)
    rate = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3, default="EUR")
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    reason = models.CharField(max_length=400, blank=True)
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    said_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    said_at = models.DateTimeField(null=True)
    used = models.PositiveIntegerField(null=True)
    used_is_owner = models.BooleanField(default=False)
    used_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    used_at = models.DateTimeField(null=True)
    agreed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    agreed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(name="booking_ends_after_it_starts", condition=Q(ends_at__gt=F("starts_at"))),
            models.CheckConstraint(
                name="booking_refused_says_why", condition=~Q(state__in=["refused", "cancelled"]) | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="booking_used_once_confirmed", condition=Q(used__isnull=True) | Q(state="confirmed")
            ),
            models.CheckConstraint(
                name="booking_agreed_once_used", condition=Q(agreed_at__isnull=True) | Q(used__isnull=False)
            ),
        )
        indexes = (
            models.Index(name="booking_of_equipment", fields=["equipment", "starts_at"]),
            models.Index(name="booking_of_user", fields=["user", "starts_at"]),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key

    @property
    def price(self) -> Decimal:
        """Return what an hour costs, in whole units of the currency."""
        return Decimal(self.rate) / 100


class Placement(Record):
    """That a student of a partner works for the firm for a time, under an agreement.

    `pay` is in hundredths of `currency` a month, 0 where nothing is paid; `weekly_hours` are whole hours. Until the
    firm agrees to a student, only their name and address stand here; then `student` is the person who reads and accepts
    `statement`, and `statement_sha256` is over it and all that they were shown with it. The outcome is said by one side
    (`said_is_firm` says which) and agreed by the other at `closed_at`.
    """

    class Kind(models.TextChoices):
        INTERNSHIP = "internship", pgettext_lazy("placement", "Internship")
        BACHELOR = "bachelor", pgettext_lazy("placement", "Bachelor's thesis")
        MASTER = "master", pgettext_lazy("placement", "Master's thesis")
        DOCTORATE = "doctorate", pgettext_lazy("placement", "Doctoral work")
        WORKING = "working", pgettext_lazy("placement", "Working student")

    class State(models.TextChoices):
        OFFERED = "offered", pgettext_lazy("placement", "Offered")
        NAMED = "named", pgettext_lazy("placement", "Student named")
        AGREED = "agreed", pgettext_lazy("placement", "Waits for the student")
        RUNNING = "running", pgettext_lazy("placement", "Running")
        ENDED = "ended", pgettext_lazy("placement", "Ended early")
        CLOSED = "closed", pgettext_lazy("placement", "Closed")
        REFUSED = "refused", pgettext_lazy("placement", "Refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("placement", "Withdrawn")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="placements")
    partner = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="placements_of_students")
    agreement = models.ForeignKey(Agreement, on_delete=models.PROTECT, related_name="placements")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=160)
    task = models.TextField(max_length=8000)
    place = models.CharField(max_length=200)
    language = models.CharField(max_length=10, default="en")
    first_day = models.DateField()
    last_day = models.DateField()
    weekly_hours = models.PositiveSmallIntegerField()
    pay = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3, default="EUR")
    supervisor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    partner_supervisor = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    student = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="placements", null=True)
    student_name = models.CharField(max_length=120, blank=True)
    student_email = models.EmailField(max_length=254, blank=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.OFFERED)
    statement = models.TextField(blank=True)
    statement_version = models.PositiveSmallIntegerField(default=0)
    statement_sha256 = models.CharField(max_length=64, blank=True)
    accepted_at = models.DateTimeField(null=True)
    receipt_key = models.CharField(max_length=20, blank=True)
    ended_at = models.DateTimeField(null=True)
    led_to_offer = models.BooleanField(null=True)
    thesis_title = models.CharField(max_length=300, blank=True)
    said_is_firm = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="placement_ends_after_it_begins", condition=Q(last_day__gte=F("first_day"))),
            models.CheckConstraint(
                name="placement_agreed_has_student",
                condition=~Q(state__in=["agreed", "running", "ended", "closed"]) | Q(student__isnull=False),
            ),
            models.CheckConstraint(
                name="placement_runs_once_accepted",
                condition=Q(state__in=["running", "ended", "closed"]) ^ Q(accepted_at__isnull=True),
            ),
            models.CheckConstraint(
                name="placement_accepted_has_statement", condition=Q(accepted_at__isnull=True) | ~Q(statement_sha256="")
            ),
            models.CheckConstraint(
                name="placement_closed_says_outcome",
                condition=Q(closed_at__isnull=True) | Q(state="closed", led_to_offer__isnull=False),
            ),
        )
        indexes = (
            models.Index(name="placement_of_firm", fields=["organisation", "-first_day"]),
            models.Index(name="placement_of_partner", fields=["partner", "-first_day"]),
        )

    def __str__(self) -> str:
        """Return the title."""
        return self.title

    @property
    def monthly_pay(self) -> Decimal:
        """Return what is paid a month, in whole units of the currency."""
        return Decimal(self.pay) / 100


class PlacementStep(models.Model):
    """What somebody did with a placement, for which of its three sides, and what they said to it."""

    class Side(models.TextChoices):
        FIRM = "firm", pgettext_lazy("placement", "Firm")
        PARTNER = "partner", pgettext_lazy("placement", "Partner")
        STUDENT = "student", pgettext_lazy("placement", "Student")

    class What(models.TextChoices):
        OFFERED = "offered", pgettext_lazy("placement step", "Offered to the partner")
        CHANGED = "changed", pgettext_lazy("placement step", "Offer changed")
        REFUSED = "refused", pgettext_lazy("placement step", "Refused by the partner")
        NAMED = "named", pgettext_lazy("placement step", "Student named")
        ANOTHER = "another", pgettext_lazy("placement step", "Another student asked for")
        AGREED = "agreed", pgettext_lazy("placement step", "Student agreed to")
        DECLINED = "declined", pgettext_lazy("placement step", "Declined by the student")
        ACCEPTED = "accepted", pgettext_lazy("placement step", "Accepted by the student")
        WITHDRAWN = "withdrawn", pgettext_lazy("placement step", "Withdrawn")
        ENDED = "ended", pgettext_lazy("placement step", "Ended early")
        SAID = "said", pgettext_lazy("placement step", "Outcome written down")
        CLOSED = "closed", pgettext_lazy("placement step", "Closed")

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=9, choices=What.choices)
    side = models.CharField(max_length=7, choices=Side.choices)
    note = models.CharField(max_length=400, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="placement_step_says_why",
                condition=~Q(what__in=["refused", "another", "declined", "withdrawn", "ended"]) | ~Q(note=""),
            ),
        )
        indexes = (models.Index(name="placement_step_by_time", fields=["placement", "at"]),)

    def __str__(self) -> str:
        """Return what and when."""
        return f"{self.what} {self.at:%Y-%m-%d}"


class PlacementReport(Record):
    """What a student reports of a placement; a report never changes, the next one corrects it."""

    class Kind(models.TextChoices):
        MIDTERM = "midterm", pgettext_lazy("placement", "Mid-term report")
        FINAL = "final", pgettext_lazy("placement", "Final report")

    placement = models.ForeignKey(Placement, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=7, choices=Kind.choices)
    text = models.TextField(max_length=20000)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(name="placement_report_by_time", fields=["placement", "at"]),)

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class ReportRemark(models.Model):
    """What one side says of a report, and whether it accepts it."""

    report = models.ForeignKey(PlacementReport, on_delete=models.CASCADE, related_name="remarks")
    side = models.CharField(max_length=7, choices=PlacementStep.Side.choices)
    is_accepted = models.BooleanField(default=False)
    text = models.TextField(max_length=4000, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(name="remark_says_something", condition=Q(is_accepted=True) | ~Q(text="")),
            models.UniqueConstraint(
                name="report_accepted_once_by_side", fields=["report", "side"], condition=Q(is_accepted=True)
            ),
        )

    def __str__(self) -> str:
        """Return the report and the side."""
        return f"{self.report_id} {self.side}"
