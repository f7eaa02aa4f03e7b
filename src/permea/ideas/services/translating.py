"""Having an entry translated by machine: its text goes to the service that is set, and the ledger says so."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from permea.foundation import translating
from permea.foundation.refusals import RefusedError, demand
from permea.ideas import queries, rules
from permea.ideas.models import Idea, Translation
from permea.ledger.models import Crossing
from permea.ledger.services import record_crossing
from permea.people.models import Person

logger = logging.getLogger(__name__)


def translate_idea(*, idea_id: int, language: str, actor: Person, at: datetime) -> Translation:
    """Return the latest version of an entry in another language; asked for once, and kept.

    Title, summary and text go to the service; names and files do not. No transaction is open while it works.
    Raises RefusedError as `rules.why_not_translate` says, and if the service gives no translation.
    """
    idea = Idea.objects.select_related("challenge__organisation").get(pk=idea_id)
    made = queries.translation_of(idea, language)
    if made is not None:
        return made
    service = translating.translator()
    demand(rules.why_not_translate(idea, language=language, service=service.name))
    record_sending(idea=idea, language=language, service=service.name, actor=actor, at=at)
    try:
        texts = service.translate([idea.title, idea.summary, idea.body], source=idea.language, target=language)
    except translating.TranslatorError as error:
        logger.warning("%s gave no translation from %s to %s: %s", service.name, idea.language, language, error)
        raise RefusedError(rules.no_translation()) from error
    fields = dict(zip(("title", "summary", "body"), texts, strict=True))
    return Translation.objects.get_or_create(
        idea=idea,
        version=idea.n_versions,
        language=language,
        defaults={**fields, "service": service.name, "made_at": at},
    )[0]


@transaction.atomic
def record_sending(*, idea: Idea, language: str, service: str, actor: Person, at: datetime) -> None:
    """Record that the text of an entry goes to a translation service, before it goes."""
    record_crossing(
        organisation=idea.challenge.organisation,
        kind="idea.translated",
        direction=Crossing.Direction.OUT,
        depth=Crossing.Depth.INVITED,
        subject_type="idea",
        subject_key=idea.key,
        at=at,
        actor=actor,
        challenge_key=idea.challenge.key,
        facts={"version": idea.n_versions, "language": language, "service": service},
    )
