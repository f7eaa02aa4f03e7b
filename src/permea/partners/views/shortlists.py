"""Shortlists: kept from who fits, looked through and decided on, worked out anew, taken away as a table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from permea.foundation.clock import now
from permea.foundation.refusals import Refusal, RefusedError
from permea.partners import queries, rules, services
from permea.partners.forms import DecisionForm, FitForm, KeepForm, NoteForm, TitleForm
from permea.partners.models import Partner, Shortlist, ShortlistPlace, ShortlistVersion
from permea.partners.views import fit
from permea.partners.views.directory import INVALID, MANAGING
from permea.people.queries import managed_organisation_ids
from permea.surface.charts.shapes import Interval
from permea.surface.downloads import csv_table, made_file
from permea.surface.pages import find_url, render
from permea.surface.requests import MemberRequest, member, page_number

REFUSED = 409
COLUMNS = (
    "place", "name", "name_then", "low", "middle", "high", "among_first", "can", "nothing_known_of", "worth_asking",
    "decision", "reason", "decided_by", "decided_on", "next_step", "next_on", "next_by", "next_done", "notes",
)  # fmt: skip


@require_GET
@member(*rules.READING)
def shortlists(request: MemberRequest) -> HttpResponse:
    """List the firm's shortlists."""
    page = queries.shortlists_of(request.organisation, page=page_number(request))
    return render(request, "partners/shortlists.html", {"page": page, "may_write": request.role in MANAGING})


@require_POST
@member(*MANAGING)
def keep(request: MemberRequest) -> HttpResponse:
    """Keep who fits as a shortlist."""
    asked, titled = fit.fit_form(request.POST.dict()), KeepForm(request.POST, auto_id="keep_%s")
    if not asked.is_valid() or not titled.is_valid():
        return fit.page(request, asked, titled)
    title, length = titled.cleaned_data["title"], titled.cleaned_data["length"]
    question = services.Question(wish=asked.wish(), weights=asked.weights(), length=length)
    told: dict[str, Any] = {"organisation": request.organisation, "actor": request.user, "at": now()}
    try:
        made = services.keep_shortlist(title=title, question=question, **told)
    except RefusedError as error:
        return fit.page(request, asked, titled, error.refusal)
    messages.success(request, _("The shortlist is kept as it came out today. Decide about each partner."))
    return redirect("partners:shortlist", made.key)


@require_GET
@member(*rules.READING)
def shortlist(request: MemberRequest, shortlist_key: str) -> HttpResponse:
    """Show how a shortlist came out, and what was noted and decided."""
    return _page(request, shortlist_key)


def _page(
    request: MemberRequest,
    key: str,
    sent: Mapping[str, DecisionForm | NoteForm] | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    """Answer with the page of a shortlist; forms that were not whole, by partner, keep what was typed."""
    shown, sent = queries.shortlist_page(request.user, key, _version(request)), sent or {}
    may_manage = shown.shortlist.organisation_id in managed_organisation_ids(request.user)
    context = {
        "shown": shown,
        "refusal": refusal,
        "today": now().date(),
        "may_manage": may_manage,
        "may_write": may_manage and shown.is_newest and not shown.work_blocked,
        "forms": _forms(request, shown, sent) if may_manage else {},
        "title_form": TitleForm(initial={"title": shown.shortlist.title}),
        "asked": asked_facts(shown.version),
        "criteria": dict(rules.Criterion.choices),
        "chart": [_interval(line.place) for line in shown.lines if line.place],
        "k": fit.FIRST,
        "change_href": f"{reverse('partners:fit')}?{urlencode(_question(shown.version, shown.shortlist))}",
        "ally_href": _ally_href(shown.chosen) if may_manage else "",
    }
    status = REFUSED if refusal else INVALID if any(form.errors for form in sent.values()) else 200
    return render(request, "partners/shortlist.html", context, status=status)


def _version(request: MemberRequest) -> int | None:
    """Return the number of the version asked for, None for the newest. Raises Http404 for what is no number."""
    said = request.GET.get("version")
    if said is None:
        return None
    if not said.isdecimal() or len(said) > len("32767"):
        raise Http404
    return int(said)


def _forms(
    request: MemberRequest, shown: queries.ShortlistPage, sent: Mapping[str, Any]
) -> dict[str, tuple[NoteForm, DecisionForm]]:
    """Return the forms for each partner, by its key."""
    people = queries.possible_owners(shown.shortlist.organisation)
    begin = {"next_by": request.user.key}
    found = {}
    for key in (line.partner.key for line in [*shown.lines, *shown.beyond]):
        said = sent.get(key)
        note = said if isinstance(said, NoteForm) else NoteForm(auto_id=f"note-{key}-%s")
        begun = DecisionForm(people=people, initial=begin, auto_id=f"decide-{key}-%s")
        found[key] = note, said if isinstance(said, DecisionForm) else begun
    return found


def asked_facts(version: ShortlistVersion) -> list[tuple[Any, str]]:
    """Return what was asked in words: each field that was filled in, and the criteria that counted."""
    form = fit.fit_form(_question(version))
    counts = rules.weights_that_count(rules.wish_of(version.wish), version.weights)
    left_out = {f"weigh_{name}" for name, weight in counts.items() if not weight}
    said = [(field.label, _words(field.field, field.data)) for field in form if field.name not in left_out]
    return [(label, words) for label, words in said if words]


def _words(field: Any, value: Any) -> str:
    """Return the value of a field as its reader reads it."""
    if isinstance(value, bool):
        return _("yes") if value else ""
    names = {str(code): str(name) for code, name in getattr(field, "choices", ()) if code != ""}
    return names.get(str(value), str(value or ""))


def _question(version: ShortlistVersion, shortlist: Shortlist | None = None) -> dict[str, Any]:
    """Return what was asked as the page “Who fits?” reads it, with the shortlist it is asked for."""
    wish = {name: ", ".join(value) if isinstance(value, list) else value for name, value in version.wish.items()}
    said = {name: value for name, value in wish.items() if value or name == "wanted"}
    said |= {f"weigh_{name}": weight for name, weight in version.weights.items()}
    return said | ({"shortlist": shortlist.key} if shortlist else {})


def _interval(place: ShortlistPlace) -> Interval:
    """Return a place as a row of the chart."""
    return fit.interval(place.name, f"#place-{place.place}", (place.low, place.middle, place.high), place.top)


def _ally_href(chosen: list[Partner]) -> str:
    """Return where an alliance with these partners is begun, nothing where nobody is chosen or nothing is begun."""
    page = find_url("alliances:new") if chosen else ""
    return f"{page}?{urlencode([('partner', one.party.key) for one in chosen])}" if page else ""


@require_POST
@member(*MANAGING)
def work_out(request: MemberRequest, shortlist_key: str) -> HttpResponse:
    """Work a shortlist out anew: with the question sent along, or else the last one."""
    found, asked = queries.managed_shortlist(request.user, shortlist_key), None
    if "wanted" in request.POST:
        form = fit.fit_form(request.POST.dict())
        if not form.is_valid():
            return fit.page(request, form)
        asked = _asked_anew(found, form)
    said = _("Worked out anew. What changed stands above the partners.")
    told: dict[str, Any] = {"shortlist_id": found.pk, "question": asked, "actor": request.user}
    return _done(request, shortlist_key, lambda: services.work_out(**told, at=now()), said)


def _asked_anew(shortlist: Shortlist, form: FitForm) -> services.Question:
    """Return another question for a shortlist of the same length."""
    length = services.last_question(shortlist=shortlist).length
    return services.Question(wish=form.wish(), weights=form.weights(), length=length)


def _done(request: MemberRequest, key: str, action: Callable[[], object], said: str, place: str = "") -> HttpResponse:
    """Do something with a shortlist and go back to it, or show there why not."""
    try:
        action()
    except RefusedError as error:
        return _page(request, key, refusal=error.refusal)
    messages.success(request, said)
    return redirect(f"{reverse('partners:shortlist', args=[key])}{place}")


@require_POST
@member(*MANAGING)
def rename(request: MemberRequest, shortlist_key: str) -> HttpResponse:
    """Give a shortlist another title."""
    found, form = queries.managed_shortlist(request.user, shortlist_key), TitleForm(request.POST)
    if not form.is_valid():
        messages.warning(request, _("Nothing is changed: give the shortlist a title of at most 160 characters."))
        return redirect("partners:shortlist", shortlist_key)
    told: dict[str, Any] = {"shortlist_id": found.pk, "actor": request.user, "title": form.cleaned_data["title"]}
    return _done(request, shortlist_key, lambda: services.rename_shortlist(**told), _("Saved."))


@require_POST
@member(*MANAGING)
def close(request: MemberRequest, shortlist_key: str) -> HttpResponse:
    """Put a shortlist away, or take it back."""
    found, is_back = queries.managed_shortlist(request.user, shortlist_key), "back" in request.POST
    told: dict[str, Any] = {"shortlist_id": found.pk, "actor": request.user, "is_back": is_back}
    said = _("The shortlist is open again.") if is_back else _("The shortlist is put away. Nothing of it is lost.")
    return _done(request, shortlist_key, lambda: services.close_shortlist(**told, at=now()), said)


def _partner_on(request: MemberRequest, shortlist: Shortlist) -> Partner:
    """Return the partner of a shortlist that is spoken of. Raises Http404 for all others."""
    return get_object_or_404(queries.partners_on(shortlist), key=request.POST.get("partner", ""))


@require_POST
@member(*MANAGING)
def note(request: MemberRequest, shortlist_key: str) -> HttpResponse:
    """Remark something about a partner."""
    found = queries.managed_shortlist(request.user, shortlist_key)
    partner = _partner_on(request, found)
    form = NoteForm(request.POST, auto_id=f"note-{partner.key}-%s")
    if not form.is_valid():
        return _page(request, shortlist_key, {partner.key: form})
    told: dict[str, Any] = {"shortlist_id": found.pk, "partner_id": partner.pk, "text": form.cleaned_data["text"]}
    told["actor"] = request.user
    return _done(
        request, shortlist_key, lambda: services.note_on_shortlist(**told, at=now()), _("Noted."), f"#{partner.key}"
    )


@require_POST
@member(*MANAGING)
def remove_note(request: MemberRequest, note_key: str) -> HttpResponse:
    """Delete a note."""
    found = queries.managed_note(request.user, note_key)
    told: dict[str, Any] = {"note_id": found.pk, "actor": request.user}
    return _done(request, found.shortlist.key, lambda: services.remove_note(**told), _("Removed."))


@require_POST
@member(*MANAGING)
def decide(request: MemberRequest, shortlist_key: str) -> HttpResponse:
    """Decide about a partner."""
    found = queries.managed_shortlist(request.user, shortlist_key)
    partner, people = _partner_on(request, found), queries.possible_owners(found.organisation)
    form = DecisionForm(request.POST, people=people, auto_id=f"decide-{partner.key}-%s")
    if not form.is_valid():
        return _page(request, shortlist_key, {partner.key: form})
    told: dict[str, Any] = {"shortlist_id": found.pk, "partner_id": partner.pk, "actor": request.user}
    content = services.DecisionInput(**form.values())
    try:
        services.decide(content=content, **told, at=now())
    except RefusedError as error:
        return _page(request, shortlist_key, {partner.key: form}, error.refusal)
    messages.success(request, _("It is decided. A next step waits under “Next steps” and on the page of the partner."))
    return redirect(f"{reverse('partners:shortlist', args=[shortlist_key])}#{partner.key}")


@require_GET
@member(*MANAGING)
def export(request: MemberRequest, shortlist_key: str) -> HttpResponse:
    """Hand a version of a shortlist out as CSV; text that a spreadsheet would take for a formula is quoted."""
    found = queries.managed_shortlist(request.user, shortlist_key)
    shown = queries.shortlist_page(request.user, shortlist_key, _version(request))
    criteria = dict(rules.Criterion.choices)
    rows = [_row(line, criteria) for line in [*shown.lines, *shown.beyond]]
    name = f"{found.key}-{shown.version.number}.csv"
    return made_file(csv_table(COLUMNS, rows), name, "text/csv; charset=utf-8")


def _row(line: queries.Line, criteria: Mapping[str, Any]) -> list[object]:
    """Return a line of a shortlist as a row of a table."""
    place, decision = line.place, line.decision
    came_out: list[object] = [""] * 8
    if place:
        can = "; ".join(f"{name} {level}" for name, level in place.matches)
        asking = "; ".join(str(criteria.get(name, name)) for name in place.open)
        scores = [round(score) for score in (place.low, place.middle, place.high, 100 * place.top)]
        came_out = [place.name, *scores, can, "; ".join(place.lacks), asking]
    decided: list[object] = [""] * 8
    if decision:
        step = decision.step
        follows = [step.next_step, step.next_on, step.next_by, step.next_done_at] if step else [""] * 4
        decided = [decision.choice, decision.reason, decision.decided_by.display_name, decision.decided_at.date()]
        decided += [getattr(one, "display_name", one) or "" for one in follows]
    notes = " | ".join(one.text for one in line.notes)
    return [place.place if place else "", line.partner.party.name, *came_out, *decided, notes]
