"""What calendars and feed readers fetch: the deadline of a challenge, and the news of all of them."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from permea.challenges import queries
from permea.challenges.views.public import address_of
from permea.foundation.clock import now
from permea.people.models import Organisation
from permea.people.queries import organisation_of_instance
from permea.surface.calendars import CONTENT_TYPE, Event, calendar
from permea.surface.feeds import Feed, answer_if_changed, stable_id
from permea.surface.formats import show_date, without_controls

MOST_NEWS = 50


@require_safe
def deadline_calendar(request: HttpRequest, key: str) -> HttpResponseBase:
    """Give the deadline of a challenge to a calendar, in the challenge's language."""
    deadline = queries.public_deadline(key, now())
    language = deadline.challenge.language
    with translation.override(language):
        content = calendar(_event(deadline))
    response = answer_if_changed(request, content, CONTENT_TYPE, changed_at=deadline.revised_at, language=language)
    response["Content-Disposition"] = f'inline; filename="deadline-{key}.ics"'
    return response


def _event(deadline: queries.Deadline) -> Event:
    """Return the deadline as an event; why it moved stands in its description."""
    shown, address = deadline.challenge, address_of(deadline.challenge.key)
    said = [shown.teaser]
    if shown.changes:
        said.append(_("The deadline was moved: %(reason)s") % {"reason": shown.changes[-1].reason})
    return Event(
        uid=f"deadline-{shown.key}@permea",
        sequence=deadline.n_changes,
        revised_at=deadline.revised_at,
        starts_at=deadline.closes_at,
        summary=_("Entries close: %(title)s") % {"title": shown.title},
        description="\n\n".join(text for text in [*said, shown.organisation_name, address] if text),
        address=address,
        language=shown.language,
    )


@require_safe
def feed(request: HttpRequest) -> HttpResponseBase:
    """Give what happened to public challenges to feed readers. Answers 404 while nobody runs the instance."""
    organisation = organisation_of_instance()
    if organisation is None:
        raise Http404
    with translation.override(organisation.language), timezone.override(UTC):
        written = _feed(organisation, queries.news(now(), most=MOST_NEWS))
    content, changed_at = written.writeString("utf-8").encode(), written.latest_post_date()
    language = organisation.language
    return answer_if_changed(request, content, Feed.content_type, changed_at=changed_at, language=language)


def _feed(organisation: Organisation, news: list[queries.News]) -> Feed:
    """Return the feed, its frame in the language of the firm that runs the instance."""
    name = without_controls(organisation.name)
    written = Feed(
        title=_("What %(organisation)s is looking for") % {"organisation": name},
        link=f"{settings.BASE_URL}{reverse('challenges:home')}",
        description=None,
        language=organisation.language,
        author_name=name,
        feed_url=f"{settings.BASE_URL}{reverse('challenges:feed')}",
        feed_guid=stable_id("feed", organisation.key),
        began_at=organisation.created_at,
    )
    for item in news:
        with translation.override(item.challenge.language):
            _add(written, item)
    return written


def _add(written: Feed, item: queries.News) -> None:
    """Put one piece of news into the feed, in the language of its challenge."""
    shown = item.challenge
    title, sentence = _words(item)
    said = [text for text in (shown.teaser, sentence, item.reason) if text]
    written.add_item(
        title=without_controls(title),
        link=address_of(shown.key),
        description=without_controls(format_html_join("", "<p>{}</p>", ((text,) for text in said))),
        author_name=without_controls(shown.organisation_name),
        pubdate=item.at,
        updateddate=item.at,
        unique_id=stable_id("news", shown.key, item.kind, str(item.number)),
        language=shown.language,
    )


def _words(item: queries.News) -> tuple[str, str]:
    """Return the headline of a piece of news and a sentence with its date."""
    until, names = _utc(item.deadline), {"title": item.challenge.title}
    words = {
        "announced": (_("Announced: %(title)s"), _("Entries open on %(moment)s.")),
        "opened": (_("Open for entries: %(title)s"), _("Entries close on %(moment)s.")),
        "extended": (_("More time: %(title)s"), _("Entries close on %(moment)s now.")),
        "closed": (_("Closed: %(title)s"), _("Entries closed on %(moment)s.")),
        "decided": (_("Decided: %(title)s"), _("It is decided, and everybody who entered has an answer.")),
    }
    title, sentence = words[item.kind]
    moment = _utc(item.challenge.opens_at) if item.kind == "announced" else until
    return title % names, sentence % {"moment": moment}


def _utc(value: datetime | None) -> str:
    """Return a time that everybody reads alike."""
    return f"{show_date(value)}, {value:%H:%M} UTC" if value else ""
