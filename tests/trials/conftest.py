"""A customer panel, and what it is asked."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from permea.trials import services
from permea.trials.models import ConceptTest, PanelMember, Participant, PrototypeRound, Respondent
from permea.trials.rules import QuestionInput

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    """Keep files in a folder of this test, and let mails be sent."""
    settings.DATA_DIR, settings.MAIL_IS_KEPT = tmp_path, False
    return tmp_path


@pytest.fixture
def panel(organisation, owner, at):
    """Return a panel that anybody can join."""
    said = services.PanelInput(title="Warehouse users", purpose="Four questions a year.", is_joinable=True)
    return services.create_panel(organisation=organisation, content=said, actor=owner, at=at)


@pytest.fixture
def join(panel, at):
    """Return a function that lets somebody join and agree."""

    def do(name: str = "Cora Customer", *, agrees: bool = True) -> PanelMember:
        email = f"{name.split(maxsplit=1)[0].lower()}@customer.example"
        member = services.ask_to_join(panel_id=panel.pk, name=name, email=email, seed=name, at=at)
        return services.agree(member_id=member.pk, version=1, at=at) if agrees else member

    return do


@pytest.fixture
def make_test(organisation, owner, at):
    """Return a factory of concept tests with two variants, open to anybody unless told otherwise."""

    def make(*titles: str, is_open: bool = True, **said) -> ConceptTest:
        scales = [QuestionInput(f"Question {n}", ("1", "2", "3", "4", "5")) for n in (1, 2)]
        ours = {"title": "Which cart?", "takes_anyone": True, "closes_at": at + DAY, "questions": scales}
        content = services.ConceptInput(**{**ours, **said})
        test = services.draft_test(organisation=organisation, content=content, actor=owner, at=at)
        for title in titles or ("Short cart", "Long cart"):
            services.add_variant(test_id=test.pk, content=services.VariantInput(title=title), actor=owner)
        return services.open_test(test_id=test.pk, actor=owner, at=at) if is_open else test

    return make


@pytest.fixture
def pick(at):
    """Return a function that begins a test of pairs and always prefers the variant named (or none)."""

    def do(test: ConceptTest, seed: str, favourite: str) -> Respondent:
        place = services.begin(test_id=test.pk, seed=seed, at=at)
        titles = list(test.variants.order_by("position").values_list("title", flat=True))
        for step, shown in enumerate(place.plan):
            named = [titles[position] for position in shown]
            choice = ("left" if named[0] == favourite else "right") if favourite in named else "even"
            said = services.StepInput(step=step, choice=choice)
            place = services.answer_step(respondent_id=place.pk, said=said, at=at)
        return place

    return do


@pytest.fixture
def prototype(organisation, owner, at):
    """Return a prototype that is to make picking faster."""
    said = services.PrototypeInput(title="Guiding cart", measure="Picking speed", unit="picks/h")
    return services.create_prototype(organisation=organisation, content=said, actor=owner, at=at)


@pytest.fixture
def open_round(prototype, owner, at):
    """Return a function that opens the next round, to anybody unless told otherwise."""

    def do(**said) -> PrototypeRound:
        when = said.pop("at", at)
        content = services.RoundInput(**{"takes_anyone": True, "closes_at": when + DAY, **said})
        return services.open_round(prototype_id=prototype.pk, content=content, actor=owner, at=when)

    return do


@pytest.fixture
def measure(at):
    """Return a function that measures before and after, as somebody with the link or at a given place."""

    def do(round_: PrototypeRound, before: float, after: float, *, place: Participant | None = None, **said):
        when = said.pop("at", at)
        place = place or services.begin_round(round_id=round_.pk, seed=f"{round_.pk} {before} {after}", at=when)
        services.save_before(participant_id=place.pk, before=Decimal(before), at=when)
        content = services.FeedbackInput(**{"after": Decimal(after), "ease": 4, **said})
        return services.give_feedback(participant_id=place.pk, said=content, at=when)

    return do
