"""Pages for those who manage: answering questions, and looking at what was held, reported or objected to."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from permea.dialogue import queries, services
from permea.dialogue.forms import AnswerForm, ReasonForm, WordsForm
from permea.dialogue.models import Comment, ModerationEntry, Question
from permea.foundation.clock import now
from permea.foundation.refusals import RefusedError
from permea.people.models import Membership
from permea.surface.pages import render
from permea.surface.requests import MemberRequest, member, page_number, wanted_page

MANAGING = (Membership.Role.OWNER, Membership.Role.MANAGER)
INVALID = 422
Action = Callable[[Any, datetime], object]


@require_GET
@member(*MANAGING)
def manage(request: MemberRequest, key: str) -> HttpResponse:
    """Show the questions about a challenge, those that wait first."""
    return _challenge_page(request, key)


def _challenge_page(
    request: MemberRequest, key: str, *, kept: dict[str, AnswerForm] | None = None, reason: str = "", status: int = 200
) -> HttpResponse:
    """Show the questions about a challenge; `kept` holds by question what could not be published."""
    challenge, listed = queries.managed_questions(request.user, key, page=page_number(request))
    context = {"challenge": challenge, "listed": listed, "kept": kept or {}, "reason": reason, "at": now()}
    context |= {"reasons": ModerationEntry.Reason.choices, "is_open": challenge.is_sealed_at(now())}
    return render(request, "dialogue/manage.html", context, status=status)


@require_GET
@member(*MANAGING)
def moderation(request: MemberRequest) -> HttpResponse:
    """Show what waits for a look in the organisation."""
    listed = queries.moderation_queue(request.user, request.organisation, page=page_number(request))
    comments = queries.comments_to_look_at(request.organisation)
    context = {"listed": listed, "comments": comments, "reasons": ModerationEntry.Reason.choices, "at": now()}
    return render(request, "dialogue/moderation.html", context)


@require_POST
@member(*MANAGING)
def answer(request: MemberRequest, key: str) -> HttpResponse:
    """Publish the answer to a question, in the wording everybody is to read; what is refused is kept in the form."""
    question = queries.managed_question(request.user, key)
    form, at = AnswerForm(request.POST), now()
    form.is_valid()
    given = {"answer": "", "question": "", **form.cleaned_data}
    try:
        services.reword_and_answer(
            question_id=question.pk,
            actor=request.user,
            wording=given["question"] or question.text,
            text=given["answer"],
            changes_brief=given.get("changes_brief", False),
            at=at,
        )
    except RefusedError as error:
        reason = error.refusal.reason
        return _challenge_page(request, question.challenge.key, kept={key: form}, reason=reason, status=INVALID)
    messages.success(request, _("Published. In about ten minutes it is mailed to everybody it concerns."))
    return redirect(_back(question))


@require_POST
@member(*MANAGING)
def release(request: MemberRequest, key: str, kind: str = "question") -> HttpResponse:
    """Let a held text through."""
    return _do(request, kind, key, lambda text, at: services.release_text(text=text, actor=request.user, at=at))


@require_POST
@member(*MANAGING)
def hide(request: MemberRequest, key: str, kind: str = "question") -> HttpResponse:
    """Hide a text for a reason."""
    form = ReasonForm(request.POST)
    form.is_valid()
    given = {"reason": "", "words": "", **form.cleaned_data}
    return _do(
        request,
        kind,
        key,
        lambda text, at: services.hide_text(text=text, actor=request.user, at=at, **given),
    )


@require_POST
@member(*MANAGING)
def decide_appeal(request: MemberRequest, key: str, kind: str = "question") -> HttpResponse:
    """Decide an objection."""
    form = WordsForm(request.POST)
    form.is_valid()
    words, is_accepted = form.cleaned_data.get("words", ""), form.cleaned_data["is_accepted"]
    return _do(
        request,
        kind,
        key,
        lambda text, at: services.decide_appeal(
            text=text, actor=request.user, is_accepted=is_accepted, words=words, at=at
        ),
    )


@require_POST
@member(*MANAGING)
def dismiss(request: MemberRequest, key: str, kind: str = "question") -> HttpResponse:
    """Set the reports about a text aside."""
    form = WordsForm(request.POST)
    form.is_valid()
    words = form.cleaned_data.get("words", "")
    return _do(
        request,
        kind,
        key,
        lambda text, at: services.dismiss_reports(text=text, actor=request.user, words=words, at=at),
    )


def _do(request: MemberRequest, kind: str, key: str, action: Action) -> HttpResponse:
    """Act on a question or comment, say how it went, and go back to the page the button stood on."""
    is_comment = kind == "comment"
    text = queries.managed_comment(request.user, key) if is_comment else queries.managed_question(request.user, key)
    try:
        action(text, now())
    except RefusedError as error:
        messages.error(request, error.refusal.reason)
    else:
        messages.success(request, _("Done and logged."))
    return redirect(wanted_page(request) or _back(text))


def _back(text: Question | Comment) -> str:
    """Return the address of a question on the page of its challenge; of a comment the list of what waits."""
    if isinstance(text, Comment):
        return reverse("dialogue:moderation")
    return reverse("dialogue:manage", args=[text.challenge.key]) + f"#q-{text.key}"
