"""Steps change while a challenge runs, and a deadline moves by its rule: versioned, logged, recorded, told."""

import json
from datetime import timedelta

import pytest

from permea.challenges import events, queries, rules, services, tasks
from permea.challenges.models import Challenge, StepChange, TimetableChange
from permea.challenges.rules import AutoMoves, Step
from permea.foundation.refusals import RefusedError
from permea.ledger.models import Crossing

DAY = timedelta(days=1)
MEND = Step("improve", 7, "contributors")
RULE = rules.written_moves(AutoMoves(extend_days=7, fewer_than=2))


def test_changed_steps_are_laid_anew_logged_recorded_and_told(make_challenge, owner, at, heard):
    shown = make_challenge(steps=rules.written_steps([MEND]))
    heard.clear()
    longer = [Step("improve", 10, "contributors")]
    changed = services.change_steps(challenge_id=shown.pk, steps=longer, reason=" Fair week ", actor=owner, at=at)
    change = StepChange.objects.get()
    stages = queries.stages_of(changed)
    names = [stage.name for stage in stages]
    assert (changed.timetable_version, names) == (2, ["entry", "improve", "review", "answer"])
    assert stages[1].closes_at == shown.closes_at + 10 * DAY
    assert (change.steps_before, change.steps_after, change.reason, change.changed_by) == (
        rules.written_steps([MEND]), rules.written_steps(longer), "Fair week", owner,
    )  # fmt: skip
    (crossing,) = Crossing.objects.filter(kind="challenge.steps_changed")
    assert json.loads(crossing.body)["facts"]["reason"] == "Fair week"
    assert heard == [events.StepsChanged(challenge_id=shown.pk, change_id=change.pk, at=at)]
    (told,) = queries.step_changes_in(shown.key)
    assert (told.before, told.after, told.reason) == (
        "Improvement, 7 days (everybody who entered)", "Improvement, 10 days (everybody who entered)", "Fair week",
    )  # fmt: skip
    assert f"{change}" == f"{at:%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(("who", "reason"), [("member", "Fair week"), ("owner", "")])
def test_steps_do_not_change_without_right_or_reason(make_challenge, request, who, reason, at):
    shown = make_challenge()
    with pytest.raises(RefusedError):
        services.change_steps(
            challenge_id=shown.pk, steps=[MEND], reason=reason, actor=request.getfixturevalue(who), at=at
        )
    shown.refresh_from_db()
    assert (shown.steps, shown.timetable_version, StepChange.objects.count()) == ([], 1, 0)


@pytest.mark.parametrize(
    "fields",
    [{"steps": [{"name": "vote", "days": 0, "circle": "everyone"}]}, {"auto_moves": {**RULE, "fewer_than": 0}}],
)
def test_a_draft_keeps_neither_broken_steps_nor_half_a_rule(make_challenge, owner, at, fields):
    draft = make_challenge(status="draft")
    with pytest.raises(RefusedError):
        services.save_brief(challenge_id=draft.pk, actor=owner, at=at, **fields)
    draft.refresh_from_db()
    assert (draft.steps, draft.auto_moves) == ([], {})


def test_the_clock_moves_a_thin_deadline_once_and_says_why(make_challenge, heard):
    thin = make_challenge(auto_moves=RULE, language="de")
    full, plain = make_challenge(auto_moves=RULE), make_challenge()
    Challenge.objects.filter(pk=full.pk).update(n_entries=2)
    heard.clear()
    before = thin.closes_at
    for moment in (before - DAY - timedelta(minutes=1), before - DAY, before - DAY, before + 6.5 * DAY):
        tasks.move_deadlines(moment)
    change = TimetableChange.objects.get()
    closings = [Challenge.objects.get(pk=row.pk).closes_at - before for row in (thin, full, plain)]
    assert closings == [7 * DAY, 0 * DAY, 0 * DAY]
    assert (change.changed_by, "angekündigten Regel" in change.reason) == (None, True)
    assert heard == [events.TimetableChanged(challenge_id=thin.pk, change_id=change.pk, at=before - DAY)]
    (crossing,) = Crossing.objects.filter(kind="challenge.timetable_changed")
    assert json.loads(crossing.body)["facts"]["reason"] == change.reason


def test_templates_begin_with_the_steps_that_are_offered(monkeypatch):
    ways = [queries.StepWay(code, code.title(), {"method": code}) for code in ("stars", "agree")]
    monkeypatch.setattr("permea.challenges.queries.steps._registered", {"vote": lambda: ways, "improve": None})
    template = queries.template_named("cocreation", "en")
    template = type(template)(**{**vars_of(template), "steps": [*template.steps, step("vote"), step("sleep")]})
    assert [one.value for one in queries.offered_steps([Step("discuss", 3, "members")])] == [
        "improve", "vote:stars", "vote:agree", "kept:0",
    ]  # fmt: skip
    assert [(one.name, one.options) for one in queries.steps_from(template)] == [
        ("improve", {}), ("vote", {"method": "stars"}),
    ]  # fmt: skip
    assert queries.steps_from(None) == []


def step(name):
    return {"name": name, "days": 3, "circle": "members"}


def vars_of(template):
    return {name: getattr(template, name) for name in template.__slots__}


def test_start_up_offers_a_step_once_something_can_be_done_in_it():
    assert "improve" in [one.name for one in queries.offered_steps()]
