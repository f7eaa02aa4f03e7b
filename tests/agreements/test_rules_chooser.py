"""What the guide recommends, held against the outcomes of the published decision guides."""

import pytest

from permea.agreements import queries, rules
from permea.agreements.models import Agreement

GUIDE = queries.guide()
LANGUAGES = {"en", "de", "fr", "es", "it"}
COUNTED = {"licence", "other_fields", "long_term", "uni_background", "patents", "no_credit"}
MIXED = dict.fromkeys(GUIDE.questions, "no") | {"exclusive": "yes", "pays": "yes", "new_knowledge": "yes"}
# Where each outcome is published: the explanation of the decision guide (EXPLAINED), its section 4 (COUNTED_THERE), the
# descriptions of the model agreements in the guide of 2016 (DESCRIBED). OWN is what the published guides leave open.
EXPLAINED, COUNTED_THERE, DESCRIBED, OWN = "explanation", "section4", "guide2016", "own"

PATTERNS = [
    (EXPLAINED, "harm silence", {}, "5", "publishing does serious harm and must not happen"),
    (EXPLAINED, "harm silence critical reliance", {}, "5", "the same where the work rests on the business"),
    (EXPLAINED, "harm silence uni_owns long_term patents", {}, "5", "the same where the university would own"),
    (EXPLAINED, "critical reliance", {}, "4", "critical for the business, impossible without its technology"),
    (EXPLAINED, "critical reliance harm", {}, "4", "harm alone does not ask for silence"),
    (EXPLAINED, "critical reliance silence", {}, "4", "silence without serious harm does not lead to 5"),
    (EXPLAINED, "critical reliance licence patents", {}, "4", "what is counted is not asked then"),
    (EXPLAINED, "uni_owns", {"exclusive": "no"}, "1", "the university owns: one of 1 to 3; a right to use is enough"),
    (EXPLAINED, "uni_owns critical licence other_fields long_term patents", {}, "2", "it owns: one of 1 to 3"),
    (EXPLAINED, "uni_owns reliance", {}, "3", "it owns: one of 1 to 3; few reasons for a licence"),
    (DESCRIBED, "", {"exclusive": "no"}, "1", "1 gives a right to use that is not exclusive"),
    (DESCRIBED, "critical", {"exclusive": "no"}, "1", "critical without reliance does not lead to 4"),
    (COUNTED_THERE, "", {}, "3", "0 yes"),
    (COUNTED_THERE, "licence", {}, "3", "1 yes"),
    (COUNTED_THERE, "no_credit", {}, "3", "1 yes, another one"),
    (COUNTED_THERE, "licence other_fields", {}, "3", "2 yes"),
    (COUNTED_THERE, "patents uni_background", {}, "3", "2 yes, others"),
    (COUNTED_THERE, "licence other_fields long_term", {}, "2 3", "3 yes: evenly balanced"),
    (COUNTED_THERE, "uni_background patents no_credit", {}, "2 3", "3 yes, the others: evenly balanced"),
    (COUNTED_THERE, "licence other_fields long_term uni_background", {}, "2", "4 yes"),
    (COUNTED_THERE, "long_term uni_background patents no_credit", {}, "2", "4 yes, others"),
    (COUNTED_THERE, "licence other_fields long_term uni_background patents", {}, "2", "5 yes"),
    (COUNTED_THERE, " ".join(sorted(COUNTED)), {}, "2", "6 yes"),
    (OWN, "critical reliance uni_owns", {}, "3 4", "both have a reason to own"),
]


def answers_of(yes, changed):
    return MIXED | dict.fromkeys(yes.split(), "yes") | changed


@pytest.mark.parametrize(("source", "yes", "changed", "expected", "reason"), PATTERNS)
def test_the_published_outcome_follows(source, yes, changed, expected, reason):
    found = rules.outcome(GUIDE, answers_of(yes, changed))
    assert (" ".join(found.options), found.is_one, bool(source), bool(reason)) == (
        expected,
        len(expected) == 1,
        True,
        True,
    )


@pytest.mark.parametrize(
    ("changed", "kind"),
    [
        ({}, "research"),
        ({"pays": "no"}, "development"),
        ({"new_knowledge": "no"}, "consultancy"),
        ({"several": "yes", "new_knowledge": "no"}, "consortium"),
    ],
)
def test_the_kind_follows_from_who_works_and_who_pays(changed, kind):
    assert rules.outcome(GUIDE, MIXED | changed).kinds == (kind,)


@pytest.mark.parametrize("pattern", PATTERNS[::2], ids=lambda pattern: pattern[-1])
def test_an_open_answer_never_narrows_the_result(pattern):
    answers = answers_of(pattern[1], pattern[2])
    before = rules.outcome(GUIDE, answers)
    for name in GUIDE.questions:
        for opened in ({**answers, name: "unsure"}, {key: said for key, said in answers.items() if key != name}):
            after = rules.outcome(GUIDE, opened)
            assert set(before.options) <= set(after.options)
            assert set(before.kinds) <= set(after.kinds)


def test_nothing_said_leaves_everything_open():
    found = rules.outcome(GUIDE, {})
    assert (found.options, len(found.kinds)) == (("1", "2", "3", "4", "5"), 4)


def test_the_same_answers_make_no_difference_and_other_ones_tell_what_they_change():
    silent = answers_of("harm silence", {})
    assert rules.differences(GUIDE, silent, silent) == []
    found = rules.differences(GUIDE, silent, {**silent, "silence": "no", "background_use": "yes"})
    assert [(each.question, each.is_decisive, each.if_yes.options, each.if_no.options) for each in found] == [
        ("silence", True, ("5",), ("3",)),
        ("background_use", False, ("3", "5"), ("3", "5")),
    ]
    assert rules.joined(GUIDE, silent, {})["harm"] == "unsure"


@pytest.mark.parametrize("language", sorted(LANGUAGES))
def test_each_recommendation_tells_the_rules_it_follows_from(language):
    for _source, yes, changed, _expected, _reason in PATTERNS:
        answers = answers_of(yes, changed)
        seen = queries.compare(answers, answers, language)
        paths = set(seen.outcome.fired) & {rule.name for rule in GUIDE.paths}
        told = {reason.name for reason in seen.reasons if reason.text}
        assert (told, bool(paths) != bool(COUNTED & told)) == (set(seen.outcome.fired), True)
        assert all(text for _label, text in seen.lines)


def test_every_text_of_the_guide_stands_in_each_language_and_every_name_is_known():
    data = queries.chooser._data()

    def texts(row):
        if isinstance(row, dict) and "en" in row:
            yield row
        elif isinstance(row, dict):
            for each in row.values():
                yield from texts(each)

    kinds = {each for rule in GUIDE.kinds for each in rule.gives}
    asked = {name for rule in (*GUIDE.kinds, *GUIDE.paths) for name in rule.when} | set(data["asks"].values())
    assert {frozenset(row) for row in texts(data)} == {frozenset(LANGUAGES)}
    assert all(row[language].strip() for row in texts(data) for language in LANGUAGES)
    assert asked | set(GUIDE.counted) == set(GUIDE.questions)
    assert kinds == set(data["purposes"]) <= set(Agreement.Kind.values)
    assert {each for row in data["purposes"].values() for each in row} <= set(Agreement.Purpose.values)
    assert {row["source"] for part in ("kinds", "paths") for row in data[part].values()} <= {
        "own",
        *(source["id"] for source in data["sources"]),
    }


def test_clauses_are_turned_round_where_the_firm_does_the_research():
    clauses = {"results": "us", "exclusive": "no"}
    turned = rules.clause_options(clauses, host_researches=True)
    assert (rules.clause_options(clauses, host_researches=False), turned["results"]) == (clauses, "them")


@pytest.mark.parametrize(
    ("refusal", "code"),
    [
        (rules.why_not_start(title=" ", has_partner=True, is_own=False), "agreements.chooser_incomplete"),
        (rules.why_not_start(title="A", has_partner=False, is_own=False), "agreements.chooser_incomplete"),
        (rules.why_not_start(title="A", has_partner=True, is_own=True), "agreements.chooser_own"),
        (rules.why_not_start(title="A", has_partner=True, is_own=False), None),
        (rules.why_not_side(is_theirs=False), "agreements.chooser_stranger"),
        (rules.why_not_draft_from(rules.outcome(GUIDE, MIXED)), None),
        (rules.why_not_draft_from(rules.outcome(GUIDE, {})), "agreements.chooser_open"),
        (rules.why_not_hand_in(GUIDE, {}), "agreements.chooser_unanswered"),
    ],
)
def test_a_refusal_has_its_reason(refusal, code):
    assert (refusal.code if refusal else None) == code
