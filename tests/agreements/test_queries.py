"""Which version is in force, and what people choose from."""

from permea.agreements import queries, services


def test_terms_in_a_language_without_text_are_the_english_ones(organisation, make_terms):
    english = make_terms("participation", "en")
    found = [queries.current_terms(organisation, "participation", code) for code in ("fi", "de")]
    assert (found[0], found[1].language) == (english, "de")


def test_choices_keep_the_order_asked_for_and_prefer_the_language(organisation, owner, make_terms, at):
    make_terms()
    newer = services.publish_terms(
        organisation=organisation, kind="ip_keep", language="de", title="Neu", body="Neuer Text", actor=owner, at=at
    )
    choices = queries.terms_choices(organisation, ["ip_keep", "ip_licence", "unknown"], "de")
    assert [(terms.kind, terms.language, terms.version) for terms in choices] == [
        ("ip_keep", "de", newer.version),
        ("ip_licence", "de", 1),
    ]


def test_a_page_knows_its_neighbours(organisation, owner, make_terms, at):
    old = make_terms("ip_keep", "en")
    new = services.publish_terms(
        organisation=organisation, kind="ip_keep", language="en", title="T", body="B", actor=owner, at=at
    )
    first, second = queries.terms_page(old.key), queries.terms_page(new.key)
    languages = [row.language for row in first.translations]
    others = sorted({text.language for text in queries.standard_texts()} - {"en"})
    assert (first.before, first.latest, languages, second.before, second.latest) == (None, new, others, old, new)


def test_lines_count_acceptances_over_all_versions(organisation, owner, solver, solver_two, make_terms, at):
    old = make_terms("participation", "en")
    services.accept_terms(terms=old, person=solver, subject_key="a", at=at)
    new = services.publish_terms(
        organisation=organisation, kind="participation", language="en", title="T", body="B", actor=owner, at=at
    )
    services.accept_terms(terms=new, person=solver_two, subject_key="a", at=at)
    line = queries.terms_lines(owner, organisation)[0]
    assert (line.current, line.earlier, line.n_accepted, len(queries.terms_lines(owner, organisation))) == (
        new,
        [old],
        2,
        len(queries.standard_texts()),
    )
