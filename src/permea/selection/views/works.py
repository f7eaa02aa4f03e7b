"""Pages of the firm's own work: the list, one work, who is put on it, what is said of what they had read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.ideas.models import Idea
from permea.people.models import Person
from permea.selection import queries, services
from permea.selection.models import Settlement
from permea.selection.queries import MatterPage
from permea.surface.downloads import csv_table, made_file
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, page_number

INVALID, REFUSED = 422, 409
Kind = Settlement.Kind


class PlainForm(forms.Form):
    """A form whose errors we say ourselves."""

    use_required_attribute = False


def _lines(rows: int) -> forms.Textarea:
    """Return a field of several lines that goes in the direction of its text."""
    return forms.Textarea(attrs={"rows": rows, "dir": "auto"})


def _day() -> forms.DateInput:
    """Return the browser's own date picker."""
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WorkForm(PlainForm):
    """A piece of own work."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=160)
    words = forms.CharField(
        label=gettext_lazy("The work in plain words"),
        max_length=4_000,
        widget=_lines(5),
        help_text=gettext_lazy("What it does, and how. What others wrote is compared with this text."),
    )
    began_on = forms.DateField(label=gettext_lazy("Began on"), widget=_day())
    idea = forms.ChoiceField(
        label=gettext_lazy("Carries out the chosen idea"),
        required=False,
        help_text=gettext_lazy("What may be done with that one stands in its chain of title."),
    )

    def __init__(self, *args: Any, ideas: Iterable[Idea], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ideas = {idea.key: idea for idea in ideas}
        offered = [("", _("None: our own work")), *((key, idea.title or key) for key, idea in self.ideas.items())]
        self.fields["idea"].choices = offered  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """Return what was entered as the service takes it."""
        return {**self.cleaned_data, "idea": self.ideas.get(self.cleaned_data["idea"])}


class JoinForm(PlainForm):
    """Who is to be put on a work, from when on."""

    person = forms.ChoiceField(label=gettext_lazy("Who"))
    since = forms.DateField(label=gettext_lazy("From"), widget=_day())

    def __init__(self, *args: Any, people: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {person.key: person for person in people}
        offered = [(key, person.display_name) for key, person in self.people.items()]
        self.fields["person"].choices = offered  # type: ignore[attr-defined]

    def told(self) -> dict[str, Any]:
        """Return what was entered as the service takes it."""
        return {**self.cleaned_data, "person": self.people[self.cleaned_data["person"]]}


class EndForm(PlainForm):
    """The last day of somebody on a work."""

    until = forms.DateField(label=gettext_lazy("Last day"), widget=_day())


class SettleForm(PlainForm):
    """What the firm says of a matter."""

    kind = forms.ChoiceField(label=gettext_lazy("What you say to it"))
    words = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=4_000,
        widget=_lines(3),
        help_text=gettext_lazy("Facts and papers rather than names: this stays for good."),
    )
    reference = forms.CharField(
        label=gettext_lazy("Where the proof is kept"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("A file, a folder, or the fingerprint (SHA-256) of a paper."),
    )

    def __init__(self, *args: Any, kinds: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = list(kinds)  # type: ignore[attr-defined]


@require_GET
@member("owner", "manager")
def works(request: MemberRequest) -> HttpResponse:
    """List the firm's own works, those with open matters first."""
    listed = queries.works_page(request.organisation, page=page_number(request))
    return render(request, "selection/works.html", {"listed": listed})


@require_http_methods(["GET", "POST"])
@member("owner", "manager")
def new_work(request: MemberRequest) -> HttpResponse:
    """Enter a piece of own work."""
    at, firm, refusal = now(), request.organisation, None
    sent = request.POST if request.method == "POST" else None
    form = WorkForm(sent, initial={"began_on": at.date()}, ideas=queries.chosen_ideas(firm))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.enter_work(organisation=firm, actor=request.user, at=at, **form.told())
        except RefusedError as error:
            refusal = error.refusal
        else:
            return redirect("selection:work", made.key)
    status = REFUSED if refusal else INVALID if form.errors else 200
    return render(request, "selection/new_work.html", {"form": form, "refusal": refusal}, status=status)


@require_GET
@member("owner", "manager")
def work(request: MemberRequest, key: str) -> HttpResponse:
    """Show one work: who is on it, and what of others they had read that is like it."""
    at = now()
    page = queries.work_page(request.organisation, key, at=at)
    return render(request, "selection/work.html", {"page": page, "today": at.date()})


@require_http_methods(["GET", "POST"])
@member("owner", "manager")
def join(request: MemberRequest, key: str) -> HttpResponse:
    """Ask who is to be put on a work, show what they had read that is like it, and put them on it."""
    at, refusal = now(), None
    found = queries.work_for(request.organisation, key)
    asked = request.POST if request.method == "POST" else request.GET if "person" in request.GET else None
    form = JoinForm(asked, initial={"since": at.date()}, people=queries.newcomers_to(found))
    matters = None
    if form.is_valid():
        try:
            if request.method == "POST":
                services.put_on_work(work_id=found.pk, actor=request.user, at=at, **form.told())
                return redirect("selection:work", key)
            matters = queries.would_bring(found, at=at, **form.told())
        except RefusedError as error:
            refusal = error.refusal
    status = REFUSED if refusal else INVALID if form.errors else 200
    context = {"work": found, "form": form, "matters": matters, "refusal": refusal}
    return render(request, "selection/join_work.html", context, status=status)


@require_POST
@member("owner", "manager")
def end(request: MemberRequest, key: str, seat_key: str) -> HttpResponse:
    """Enter the last day of somebody on a work."""
    seat, form = queries.seat_for(request.organisation, key, seat_key), EndForm(request.POST)
    try:
        if form.is_valid():
            services.take_off_work(seat_id=seat.pk, actor=request.user, at=now(), **form.cleaned_data)
        else:
            messages.error(request, _("Enter the last day as a date."))
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    return redirect("selection:work", key)


@require_GET
@member("owner", "manager")
def pick(request: MemberRequest, key: str) -> HttpResponse:
    """Go to something that somebody on a work had read, so that it can be linked by hand."""
    person_key, _slash, subject_key = request.GET.get("of", "").partition("/")
    page = queries.matter_page(request.organisation, key, person_key, subject_key, at=now())
    return redirect("selection:matter", page.work.key, person_key, subject_key)


@require_http_methods(["GET", "POST"])
@member("owner", "manager")
def matter(request: MemberRequest, key: str, person_key: str, subject_key: str) -> HttpResponse:
    """Show what somebody on a work had read and what was said of it, and take in what is said now."""
    at, refusal = now(), None
    page = queries.matter_page(request.organisation, key, person_key, subject_key, at=at)
    form = SettleForm(request.POST if request.method == "POST" else None, kinds=_kinds(page))
    if request.method == "POST" and form.is_valid():
        reading = page.matter.reading
        content = services.SettlementInput(
            person=reading.person, idea=reading.idea, item=reading.item, **form.cleaned_data
        )
        try:
            services.settle_matter(work_id=page.work.pk, content=content, actor=request.user, at=at)
        except RefusedError as error:
            refusal = error.refusal
        else:
            messages.success(request, _("Recorded."))
            return redirect("selection:work", key)
    status = REFUSED if refusal else INVALID if form.errors else 200
    return render(request, "selection/matter.html", {"page": page, "form": form, "refusal": refusal}, status=status)


def _kinds(page: MatterPage) -> list[tuple[str, Any]]:
    """Return what can be said of a matter: that it looks alike only where that does not stand there already."""
    is_open = page.is_linked and page.matter.is_open
    return [(kind, words) for kind, words in Kind.choices if not (is_open and kind == Kind.OPEN)]


@require_POST
@member("owner", "manager")
def table(request: MemberRequest, key: str) -> HttpResponse:
    """Hand what the register says of a work out as a table for a lawyer; the ledger says so."""
    at = now()
    page = queries.work_page(request.organisation, key, at=at)
    rows = list(queries.work_rows(page))
    content = services.export_work(
        work=page.work,
        table=csv_table(queries.WORK_COLUMNS, rows),
        n_rows=len(rows),
        actor=request.user,
        at=at,
    )
    return made_file(content, f"work-{key}.csv", "text/csv; charset=utf-8")
