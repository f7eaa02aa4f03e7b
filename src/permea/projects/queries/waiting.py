"""What of technology transfers waits for a side: read for all of somebody's transfers at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from permea.people.models import Membership
from permea.people.rules import MANAGING
from permea.projects import rules
from permea.projects.models import AcceptanceCriterion, PackageItem, TrainingSession, Transfer
from permea.projects.queries.lists import shown_to
from permea.projects.queries.transfers import READING
from permea.surface.registry import Stand, TodayItem, Waiting

State = Transfer.State
Found = Mapping[str, Any]
LOOK = gettext_lazy("Look")
SAID = {
    "show": (gettext_lazy("Your partner does not see this transfer yet."), LOOK),
    "begin": (gettext_lazy("Your side begins the hand-over."), gettext_lazy("Begin")),
    "anew": (gettext_lazy("It was refused: mend it, then hand over anew."), LOOK),
    "package": (gettext_lazy("Items of the package are open: say which are handed over."), gettext_lazy("Hand over")),
    "test": (gettext_lazy("Everything is handed over: the other side can test it."), gettext_lazy("Have it tested")),
    "promise": (gettext_lazy("It is accepted. Say how long your side helps, and whom to ask."), LOOK),
    "support": (gettext_lazy("It is accepted. Your side begins its support."), gettext_lazy("Begin")),
    "measure": (gettext_lazy("It is in test: write down what you measure."), gettext_lazy("Measure")),
    "judge": (gettext_lazy("Everything is measured: accept or refuse it."), gettext_lazy("Accept or refuse")),
    "close": (gettext_lazy("Its support is over, so it can be closed."), gettext_lazy("Close it")),
    "ending": (gettext_lazy("Its support ends soon."), LOOK),
}


def waiting(stand: Stand) -> Iterator[Waiting]:
    """Yield what waits in transfers: what binds a side for who may bind it, all else for everybody who reads them."""
    ids = stand.ids(READING if stand.is_firm else Membership.Role.values)
    if not ids:
        return
    ours = Q(organisation__in=ids)
    if not stand.is_firm:
        ours = Q(pk__in=[one.pk for one in shown_to(stand.person, stand.at)])
    rows = Transfer.objects.filter(ours).annotate(what=_what(stand)).exclude(what="")
    found = JSONObject(key="key", title="title", what="what", until="support_until")
    yield Waiting(rows.order_by("created_at", "pk").annotate(found=found), _item)
    yield Waiting(_trainings(Transfer.objects.filter(ours), stand), _training)


def _what(stand: Stand) -> Case:
    """Return what a transfer asks of our side next, empty if nothing."""
    gives = Q(direction=Transfer.Direction.OUT if stand.is_firm else Transfer.Direction.IN)
    side, today = "organisation" if stand.is_firm else "partner", stand.at.date()
    binds = Q(**{f"{side}__in": stand.ids(MANAGING)})
    is_open = Exists(PackageItem.objects.filter(transfer=OuterRef("pk"), state=PackageItem.State.OPEN))
    criteria = AcceptanceCriterion.objects.filter(transfer=OuterRef("pk"))
    is_measured = Exists(criteria) & ~Exists(criteria.filter(is_passed__isnull=True))
    accepted, testing = Q(state=State.ACCEPTED), Q(state=State.TESTING)
    unseen = Q(state=State.PLANNED, shown_at__isnull=True)
    over = Q(state__in=(State.ACCEPTED, State.SUPPORT), support_until__lt=today)
    soon = Q(state=State.SUPPORT, support_until__lte=today + rules.WARN_BEFORE)
    asked = {
        "show": unseen & binds,
        "begin": Q(state=State.PLANNED, shown_at__isnull=False) & gives & binds,
        "anew": Q(state=State.REFUSED) & gives & binds,
        "package": Q(state=State.HANDING) & gives & is_open,
        "test": Q(state=State.HANDING) & gives & binds & ~is_open,
        "promise": accepted & gives & Q(support_until__isnull=True),
        "measure": testing & ~gives & ~is_measured,
        "judge": testing & ~gives & binds & is_measured,
        "close": over & ~gives & binds,
        "support": accepted & gives & binds & Q(support_until__gte=today),
        "ending": soon & Q(support_until__gte=today),
    }
    whens = (When(condition, then=Value(name)) for name, condition in asked.items())
    return Case(*whens, default=Value(""), output_field=CharField())


def _trainings(transfers: QuerySet[Transfer], stand: Stand) -> QuerySet[TrainingSession]:
    """Return the trainings that are over, of which our side has to say who took part."""
    takes = Transfer.Direction.IN if stand.is_firm else Transfer.Direction.OUT
    running = transfers.filter(direction=takes, shown_at__isnull=False).exclude(state__in=rules.OVER)
    rows = TrainingSession.objects.filter(transfer__in=running, is_done=False, on__lte=stand.at.date())
    found = JSONObject(key="transfer__key", title="transfer__title", topic="topic")
    return rows.order_by("on", "pk").annotate(found=found)


def _item(found: Found) -> TodayItem:
    """Return the item of a transfer; where support ends, it is due on that day."""
    detail, action = SAID[found["what"]]
    is_ending = found["what"] == "ending"
    due_at = datetime.combine(date.fromisoformat(found["until"]), time.max, UTC) if is_ending else None
    return _told(found, str(detail), str(action), "", due_at)


def _training(found: Found) -> TodayItem:
    """Return the item of a training."""
    detail = _("Training “%(topic)s”: say who took part.") % {"topic": found["topic"]}
    return _told(found, detail, _("Answer"), "#training")


def _told(found: Found, detail: str, action: str, place: str, due_at: datetime | None = None) -> TodayItem:
    """Return an item that leads to a place on the page of a transfer."""
    url = reverse("projects:transfer", args=[found["key"]]) + place
    return TodayItem(found["title"], detail, url, due_at, "transfer", action)
