"""Entries beside what a machine made of them in the reader's language: for those who may read the entry itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.shortcuts import get_object_or_404

from permea.foundation import translating
from permea.ideas import rules
from permea.ideas.models import Idea, Translation
from permea.ideas.queries.access import readable_as_given
from permea.people.models import Person
from permea.people.queries import managed_organisation_ids


@dataclass(frozen=True, slots=True)
class TranslationPage:
    """An entry, the translation there is of its latest version, and who translates."""

    idea: Idea
    translation: Translation | None
    service: str
    is_managed: bool


def translation_page(actor: Person, key: str, language: str, at: datetime) -> TranslationPage:
    """Return an entry that the actor manages or was given to judge, with its translation.

    Raises Http404 for all others, and where there is nothing to translate.
    """
    service = translating.translator().name
    handed_in = Idea.objects.filter(readable_as_given(actor, at), text_removed_at__isnull=True)
    others = handed_in.exclude(language=language) if service else handed_in.none()
    idea = get_object_or_404(others.select_related("challenge__organisation"), key=key)
    is_managed = idea.organisation_id in managed_organisation_ids(actor)
    return TranslationPage(idea, translation_of(idea, language), service, is_managed)


def translation_of(idea: Idea, language: str) -> Translation | None:
    """Return the translation of an entry's latest version, or None."""
    return Translation.objects.filter(idea=idea, version=idea.n_versions, language=language).first()


def is_translatable(idea: Idea, language: str) -> bool:
    """Say whether a reader of this language can have a machine translation of an entry."""
    return rules.can_be_translated(idea, language=language, service=translating.translator().name)
