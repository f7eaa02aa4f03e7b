"""What follows from an agreement by a day: who owes what to the other side, what was said of it, who fetches it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permea.agreements.models.agreements import Agreement
from permea.agreements.models.signing import AgreementVersion
from permea.foundation.models import Record
from permea.people.models import Person


class Obligation(Record):
    """Something an agreement asks of a side by a day, or a day both sides have to know.

    `clause` names the clause of the signed `version` it follows from; the firm adds others by hand. The day lies
    `offset_months` and `offset_days` from `base_on`, which is known once the event named by `anchor` is. What comes
    again every `every_months` is one row a time, counted by `number`, all with one `series`. A day is over when it is
    in `time_zone`. `remind_on` is the next day on which people are reminded.
    """

    class Kind(models.TextChoices):
        TERM_END = "term_end", _("Last day of the agreement")
        NOTICE = "notice", _("Last day to give notice before it ends anyway")
        GOES_ON = "goes_on", _("Last day to give notice; otherwise it goes on")
        RENEWAL = "renewal", _("Say whether it goes on")
        REPORT = "report", pgettext_lazy("obligation", "Report")
        PAYMENT = "payment", _("Payment")
        HANDBACK = "handback", _("Give back or delete what was received")
        REVIEW = "review", _("Look at a planned publication")
        HOLD = "hold", _("A publication may go out")
        EQUIPMENT = "equipment", _("Return equipment")
        SECRECY = "secrecy", _("Secrecy ends")
        OTHER = "other", _("Something else")

    class Side(models.TextChoices):
        FIRM = "firm", _("The firm")
        PARTY = "party", _("The partner")
        BOTH = "both", _("Both sides")

    class Anchor(models.TextChoices):
        DAY = "day", _("on a day you name")
        START = "start", _("from its beginning")
        END = "end", _("from its end")
        NOTICE = "notice", _("from the day notice is given")
        SUBMISSION = "submission", _("from the day something is handed in")

    class State(models.TextChoices):
        OPEN = "open", _("Open")
        SAID = "said", _("Said to be done")
        DONE = "done", _("Done")
        WAIVED = "waived", _("Waived")
        MISSED = "missed", _("Missed")
        PASSED = "passed", _("Past")

    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="obligations")
    version = models.ForeignKey(AgreementVersion, on_delete=models.PROTECT, related_name="obligations", null=True)
    clause = models.CharField(max_length=40, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    title = models.CharField(max_length=160, blank=True)
    side = models.CharField(max_length=5, choices=Side.choices)
    anchor = models.CharField(max_length=10, choices=Anchor.choices)
    base_on = models.DateField(null=True)
    offset_months = models.SmallIntegerField(default=0)
    offset_days = models.SmallIntegerField(default=0)
    every_months = models.PositiveSmallIntegerField(default=0)
    series = models.CharField(max_length=20, blank=True)
    number = models.PositiveSmallIntegerField(default=0)
    due_on = models.DateField(null=True)
    time_zone = models.CharField(max_length=60, default="UTC")
    reminder_days = models.JSONField(default=list)
    remind_on = models.DateField(null=True)
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    missed_at = models.DateTimeField(null=True)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                name="obligation_is_due_once_its_event_is_known",
                condition=Q(base_on__isnull=True, due_on__isnull=True) | Q(base_on__isnull=False, due_on__isnull=False),
            ),
            models.CheckConstraint(
                name="obligation_follows_a_clause_or_somebody", condition=~Q(clause="") | Q(created_by__isnull=False)
            ),
            models.UniqueConstraint(
                name="obligation_once_in_its_series", fields=["series", "number"], condition=~Q(series="")
            ),
        )
        indexes = (
            models.Index(name="obligation_by_day", fields=["state", "due_on"]),
            models.Index(name="obligation_to_remind", fields=["remind_on"], condition=Q(remind_on__isnull=False)),
        )

    def __str__(self) -> str:
        """Return the key."""
        return self.key


class ObligationStep(models.Model):
    """What happened with an obligation: never changed, never taken out. `by` is nobody for what follows by itself."""

    class What(models.TextChoices):
        LAID = "laid", _("Follows from the agreement")
        ADDED = "added", _("Added by hand")
        MOVED = "moved", _("Moved")
        SAID = "said", _("Said to be done")
        CONFIRMED = "confirmed", _("Confirmed as done")
        DENIED = "denied", _("Said not to be done")
        ANSWERED = "answered", _("Answered")
        WAIVED = "waived", _("Waived")
        MISSED = "missed", _("Missed")
        PASSED = "passed", _("The day is past")
        ENDED = "ended", _("Falls away: the agreement ends before")
        RENEWED = "renewed", _("Goes on in the renewed agreement")

    obligation = models.ForeignKey(Obligation, on_delete=models.CASCADE, related_name="steps")
    what = models.CharField(max_length=9, choices=What.choices)
    note = models.CharField(max_length=1000, blank=True)
    due_on = models.DateField(null=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="obligation_steps", null=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        """Return obligation and what happened."""
        return f"{self.obligation_id} {self.what}"


class CalendarLink(models.Model):
    """That somebody fetches the days of their agreements by a private address; only the hash of its token is kept."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="calendar_link")
    token_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    def __str__(self) -> str:
        """Return the number, never the token."""
        return f"calendar #{self.pk}"
