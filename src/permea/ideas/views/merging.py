"""Pages of similar entries: for managers what is proposed and merged, for authors the question and their answer."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from permea.challenges.models import Challenge
from permea.foundation.clock import now
from permea.foundation.jobs import enqueue_once
from permea.foundation.refusals import RefusedError, demand
from permea.ideas import queries, rules, services
from permea.ideas.forms import AnswerForm, MergeForm
from permea.ideas.models import Idea, Merge
from permea.ideas.tasks import look_for_pairs
from permea.ideas.views.saved import MANAGING
from permea.surface.pages import render, render_block
from permea.surface.requests import MemberRequest, PersonRequest, member, page_number, signed_in

INVALID, REFUSED = 422, 409


@require_GET
@member(*MANAGING)
def similar(request: MemberRequest, key: str) -> HttpResponseBase:
    """Show which entries are proposed as one, asked about and merged; with `q` which ones say something like it."""
    at = now()
    challenge = queries.managed_challenge(request.user, key)
    if challenge.is_sealed_at(at):
        return render(request, "ideas/sealed.html", {**_sealed(challenge, queries.entry_counts(challenge)), "at": at})
    wanted = request.GET.get("q", "").replace("\x00", "")[: queries.QUERY_LENGTH]
    context = {
        "challenge": challenge,
        "q": wanted,
        "found": queries.similar_to(request.user, challenge, wanted, at),
        "at": at,
    }
    if request.headers.get("HX-Target") == "found":
        return render_block(request, "ideas/similar.html", "found", context)
    context["shown"] = queries.similar_page(request.user, challenge, at, page=page_number(request))
    return render(request, "ideas/similar.html", context)


def _sealed(challenge: Challenge, counts: queries.EntryCounts) -> dict[str, object]:
    """Return what the page of sealed entries shows; from here nothing is taken over."""
    return {"challenge": challenge, "counts": counts, "import_blocked": _("Go to the entries to take ideas over.")}


@require_POST
@member(*MANAGING)
def look(request: MemberRequest, key: str) -> HttpResponse:
    """Compare the entries with each other now, or many in the background, where their meaning is read as well."""
    challenge, at = queries.managed_challenge(request.user, key), now()
    try:
        if queries.n_comparable(challenge) > rules.COMPARED_AT_ONCE:
            demand(rules.why_not_look(challenge, role=request.role, at=at))
            enqueue_once(look_for_pairs, challenge.pk)
            messages.info(request, _("The entries are being compared in the background."))
            return redirect("ideas:similar", challenge.key)
        n_found = services.find_pairs(challenge_id=challenge.pk, actor=request.user, at=at)
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    else:
        text = ngettext("%(num)d pair says nearly the same.", "%(num)d pairs say nearly the same.", n_found)
        messages.info(request, text % {"num": n_found})
        if queries.is_reading_due(challenge):
            enqueue_once(look_for_pairs, challenge.pk)
    return redirect("ideas:similar", challenge.key)


@require_http_methods(["GET", "POST"])
@member(*MANAGING)
def pair(request: MemberRequest, key: str, first_key: str, second_key: str) -> HttpResponseBase:
    """Show two entries side by side and, where one is chosen to lead, merge them or ask the author."""
    challenge, at = queries.managed_challenge(request.user, key), now()
    shown = queries.pair_page(request.user, challenge, (first_key, second_key), at)
    keys = (first_key, second_key)
    services.keep_readings(organisation_id=challenge.organisation_id, keys=keys, reader=request.user, at=at)
    form = MergeForm(request.POST or None, entries=[side.idea for side in shown.sides])
    if request.method != "POST":
        return _pair_page(request, shown, form)
    if not form.is_valid():
        return _pair_page(request, shown, form, status=INVALID)
    try:
        merge = _merge(request, [side.idea for side in shown.sides], form)
    except RefusedError as error:
        form.add_error("words" if error.refusal.code == "ideas.merge_reason" else None, error.refusal.reason)
        return _pair_page(request, shown, form, status=REFUSED)
    done = _("The two are one entry now.") if merge.state == Merge.State.DONE else _("The author is asked by mail.")
    messages.success(request, done)
    return redirect("ideas:similar", challenge.key)


def _merge(request: MemberRequest, entries: list[Idea], form: MergeForm) -> Merge:
    """Merge the entry that does not lead into the one that does, or ask its author."""
    lead = next(idea for idea in entries if idea.key == form.cleaned_data["lead"])
    other = next(idea for idea in entries if idea.key != lead.key)
    words, at = form.cleaned_data["words"], now()
    if form.cleaned_data["way"] == MergeForm.ASK:
        return services.ask_to_merge(idea_id=other.pk, lead_id=lead.pk, actor=request.user, words=words, at=at)
    return services.merge_ideas(idea_id=other.pk, lead_id=lead.pk, actor=request.user, reason=words, at=at)


def _pair_page(request: HttpRequest, shown: queries.PairPage, form: MergeForm, *, status: int = 200) -> HttpResponse:
    """Show two entries side by side."""
    context = {"shown": shown, "challenge": shown.challenge, "form": form, "at": now()}
    return render(request, "ideas/pair.html", context, status=status)


@require_POST
@member(*MANAGING)
def keep_apart(request: MemberRequest, key: str, first_key: str, second_key: str) -> HttpResponse:
    """Remember that two entries are not the same."""
    challenge, at = queries.managed_challenge(request.user, key), now()
    shown = queries.pair_page(request.user, challenge, (first_key, second_key), at)
    first, second = (side.idea.pk for side in shown.sides)
    services.keep_apart(first_id=first, second_id=second, actor=request.user, at=at)
    messages.success(request, _("Remembered: these two are not the same. They are not proposed again."))
    return redirect("ideas:similar", challenge.key)


@require_POST
@member(*MANAGING)
def unmerge(request: MemberRequest, key: str, merge_key: str) -> HttpResponse:
    """Undo a merge, or take the question to an author back."""
    merge, at = queries.managed_merge(request.user, key, merge_key), now()
    reason = request.POST.get("reason", "").replace("\x00", "")
    try:
        if merge.state == Merge.State.ASKED:
            services.take_back_question(merge_id=merge.pk, actor=request.user, at=at)
            messages.success(request, _("The question was taken back."))
        else:
            services.undo_merge(merge_id=merge.pk, actor=request.user, reason=reason, at=at)
            messages.success(request, _("Undone: both entries stand by themselves again."))
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    return redirect("ideas:similar", key)


@require_http_methods(["GET", "POST"])
@signed_in
def answer(request: PersonRequest, key: str) -> HttpResponseBase:
    """Ask an author whether their entry may be merged, and take the answer."""
    question, at = queries.question_to(request.user, key), now()
    form = AnswerForm(request.POST or None)
    refusal, status = None, 200
    if request.method == "POST" and form.is_valid():
        agrees, words = form.cleaned_data["answer"] == AnswerForm.AGREE, form.cleaned_data["words"]
        try:
            services.answer_merge(merge_id=question.merge.pk, actor=request.user, agrees=agrees, words=words, at=at)
        except RefusedError as error:
            refusal, status = error.refusal, REFUSED
        else:
            return redirect("ideas:merge_answer", key)
    elif request.method == "POST":
        status = INVALID
    context = {"question": queries.question_to(request.user, key), "form": form, "refusal": refusal, "at": at}
    return render(request, "ideas/merge_question.html", context, status=status)
