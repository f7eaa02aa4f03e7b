"""Equipment that two sides share, who was introduced to it, and its bookings."""

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
