"""Concept tests as the firm writes them: drafted, changed, opened, closed, their result told."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F

from permea.foundation.refusals import demand
from permea.ideas import services as ideas
from permea.ideas.rules import fingerprint
from permea.people.models import Organisation, Person
from permea.trials import queries, rules
from permea.trials.models import ConceptTest, CustomerPanel, ScaleQuestion, Variant
from permea.trials.services.common import demand_managing, offer, panel_for, went_out

Kept = tuple[ideas.storage.StoredFile, str]
Store = Callable[[Kept | None], Variant]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConceptInput:
    """What a test asks, whom, and until when."""

    title: str
    intro: str = ""
    language: str = "en"
    kind: str = "pairs"
    n_pairs: int = 10
    panel: CustomerPanel | None = None
    takes_anyone: bool = False
    closes_at: datetime
    questions: Sequence[rules.QuestionInput] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class VariantInput:
    """What a variant says and shows; `drops_picture` takes the one it has away."""

    title: str
    text: str = ""
    picture: ideas.Photo | None = None
    drops_picture: bool = False


@transaction.atomic
def draft_test(*, organisation: Organisation, content: ConceptInput, actor: Person, at: datetime) -> ConceptTest:
    """Begin a concept test; nobody is asked yet. Raises RefusedError to non-managers."""
    demand_managing(organisation.pk, actor)
    test = ConceptTest(organisation=organisation, created_at=at, salt=secrets.token_hex(16))
    return _save(test, content)


@transaction.atomic
def change_test(*, test_id: int, content: ConceptInput, actor: Person) -> ConceptTest:
    """Change a draft. Raises RefusedError to non-managers and as `rules.why_not_change` says."""
    test = _managed(test_id, actor)
    demand(rules.why_not_change(test))
    return _save(test, content)


def _managed(test_id: int, actor: Person) -> ConceptTest:
    """Return the locked test to somebody who manages. Raises RefusedError to all others."""
    rows = ConceptTest.objects.select_for_update(of=("self",)).select_related("organisation", "panel")
    test = rows.get(pk=test_id)
    demand_managing(test.organisation_id, actor)
    return test


def _save(test: ConceptTest, content: ConceptInput) -> ConceptTest:
    """Store what a test asks, its questions anew."""
    test.title, test.intro, test.language = content.title.strip(), content.intro.strip(), content.language
    test.kind, test.n_pairs, test.closes_at = content.kind, content.n_pairs, content.closes_at
    test.panel, test.takes_anyone = panel_for(content.panel, test.organisation), content.takes_anyone
    test.save()
    test.questions.all().delete()
    ScaleQuestion.objects.bulk_create(
        ScaleQuestion(test=test, position=position, text=one.text, anchors=list(one.anchors))
        for position, one in enumerate(content.questions)
    )
    return test


@transaction.atomic
def discard_test(*, test_id: int, actor: Person) -> None:
    """Delete a draft with its variants. Raises RefusedError to non-managers and as `rules.why_not_change` says."""
    test = _managed(test_id, actor)
    demand(rules.why_not_change(test))
    for variant in test.variants.exclude(picture_path=""):
        _drop_picture(variant)
    test.delete()


def add_variant(*, test_id: int, content: VariantInput, actor: Person) -> Variant:
    """Add a variant to a draft; its picture loses what a camera wrote into it.

    Raises RefusedError to non-managers, as `rules.why_not_add_variant` and `rules.why_not_variant` say, and if the
    picture cannot be read.
    """
    return _with_picture(content, lambda kept: _add(test_id, content, kept, actor))


@transaction.atomic
def _add(test_id: int, content: VariantInput, kept: Kept | None, actor: Person) -> Variant:
    test = _managed(test_id, actor)
    n_variants = test.variants.count()
    demand(rules.why_not_add_variant(test, n_variants=n_variants))
    return _fill(Variant(test=test, position=n_variants), content, kept)


def change_variant(*, variant_id: int, content: VariantInput, actor: Person) -> Variant:
    """Change a variant of a draft. Raises RefusedError as `add_variant` does."""
    return _with_picture(content, lambda kept: _change(variant_id, content, kept, actor))


@transaction.atomic
def _change(variant_id: int, content: VariantInput, kept: Kept | None, actor: Person) -> Variant:
    variant = Variant.objects.get(pk=variant_id)
    demand(rules.why_not_change(_managed(variant.test_id, actor)))
    if content.drops_picture or kept is not None:
        _drop_picture(variant)
    return _fill(variant, content, kept)


def _with_picture(content: VariantInput, store: Store) -> Variant:
    """Keep the picture, then store the row that names it; without the row the bytes go again."""
    kept = None if content.picture is None else ideas.keep_photo(photo=content.picture)
    try:
        return store(kept)
    except BaseException:
        if kept is not None:
            ideas.storage.delete(kept[0].path)
        raise


def _fill(variant: Variant, content: VariantInput, kept: Kept | None) -> Variant:
    """Store what a variant says and shows."""
    demand(rules.why_not_variant(title=content.title, text=content.text))
    variant.title, variant.text = content.title.strip(), content.text.replace("\r\n", "\n").strip()
    if kept is not None:
        stored, variant.picture_type = kept
        variant.picture_path, variant.picture_sha256 = stored.path, stored.sha256
    variant.save()
    return variant


def _drop_picture(variant: Variant) -> None:
    """Take a variant's picture away, its bytes once that is certain."""
    path = variant.picture_path
    variant.picture_path = variant.picture_type = variant.picture_sha256 = ""
    if path:
        transaction.on_commit(lambda: ideas.storage.delete(path))


@transaction.atomic
def remove_variant(*, variant_id: int, actor: Person) -> ConceptTest:
    """Take a variant out of a draft. Raises RefusedError to non-managers and as `rules.why_not_change` says."""
    variant = Variant.objects.get(pk=variant_id)
    test = _managed(variant.test_id, actor)
    demand(rules.why_not_change(test))
    _drop_picture(variant)
    variant.delete()
    for later in test.variants.filter(position__gt=variant.position).order_by("position"):
        Variant.objects.filter(pk=later.pk).update(position=F("position") - 1)
    return test


@transaction.atomic
def open_test(*, test_id: int, actor: Person, at: datetime) -> ConceptTest:
    """Ask: from now on the test stays as it is, and the members of its panel hear of it.

    Raises RefusedError to non-managers and as `rules.why_not_open` and `rules.why_not_ready` say.
    """
    test = _managed(test_id, actor)
    variants = list(test.variants.order_by("position"))
    demand(rules.why_not_open(test, at=at))
    demand(rules.why_not_ready(test, n_variants=len(variants), n_questions=test.questions.count()))
    test.opened_at = at
    test.save(update_fields=["opened_at"])
    n_asked = offer(test, queries.joined_members(test.panel), at) if test.panel else 0
    shown = [[one.title, one.text, one.picture_sha256] for one in variants]
    went_out(
        test.organisation, "concept.shown", ("concept_test", test.key), at=at, actor=actor,
        is_public=test.takes_anyone,
        facts={"kind": test.kind, "variants": len(variants), "asked": n_asked, "sha256": fingerprint(shown)},
    )  # fmt: skip
    return test


@transaction.atomic
def close_test(*, test_id: int, actor: Person, at: datetime) -> ConceptTest:
    """Close a test before its time. Raises RefusedError to non-managers and as `rules.why_not_close` says."""
    test = _managed(test_id, actor)
    demand(rules.why_not_close(test, at=at))
    test.closes_at = at
    test.save(update_fields=["closes_at"])
    return test


@transaction.atomic
def set_result_public(*, test_id: int, is_public: bool, actor: Person, at: datetime) -> ConceptTest:
    """Let everybody who has the link read the result in a line, or not any more.

    Raises RefusedError to non-managers and as `rules.why_not_make_public` says.
    """
    test = _managed(test_id, actor)
    demand(rules.why_not_make_public(test, at=at))
    test.is_result_public = is_public
    test.save(update_fields=["is_result_public"])
    return test
