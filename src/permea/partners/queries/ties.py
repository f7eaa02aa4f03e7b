"""What other steps hold about partners: this step knows no later one, so it asks every model that refers to them."""

from __future__ import annotations

from collections.abc import Iterator

from django.apps import apps
from django.db.models import ForeignKey, Model, Q, QuerySet

from permea.partners.models import Partner
from permea.people.models import Organisation


def fields_to(model: type[Model]) -> list[ForeignKey[Model, Model]]:
    """Return the fields of all models that refer to this one."""
    relations = model._meta.get_fields(include_hidden=True)  # noqa: SLF001 - Django's own name
    fields = [getattr(one, "field", None) for one in relations if one.auto_created]
    return [field for field in fields if isinstance(field, ForeignKey)]


def tied_parties(partners: QuerySet[Partner]) -> Iterator[Q]:
    """Yield for each kind of row about organisations which of these partners it is about."""
    for field in fields_to(Organisation):
        if field.model is not Partner:
            rows = field.model._default_manager.filter(**{f"{field.name}__in": partners.values("party_id")})  # noqa: SLF001 - as above
            yield Q(party_id__in=rows.values(field.attname))


def tied_subjects() -> Iterator[Q]:
    """Yield for each kind of row that names its subject by key which partners it names."""
    for model in apps.get_models():
        if "subject_key" in {field.name for field in model._meta.get_fields()}:  # noqa: SLF001 - as above
            keys = model._default_manager.values("subject_key")  # noqa: SLF001 - as above
            yield Q(key__in=keys) | Q(party__key__in=keys)
