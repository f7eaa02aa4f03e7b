"""The catalogues are complete; the tool that says so finds what is missing, unsure, left over or does not fit."""

from __future__ import annotations

import gettext

import pytest

from tools import messages

SOURCES = {
    "ideas/rules.py": 'A = _("Hand in")\nB = ngettext("%(n)s idea", "%(n)s ideas", 3)\n'
    'C = pgettext_lazy("verb", "Open")\n',
    "ideas/templates/ideas/list.html": '{{ _("Ideas of %(name)s", name=name) }}\n'
    '{% trans %}\n  See <b>all</b>\n  of them\n{% endtrans %}',
    "ideas/templates/ideas/mails/told.txt": "{{ _('Dear reader') }}",
    "config/settings/base.py": 'LANGUAGES = [("en", "English"), ("de", "Deutsch")]\n',
}  # fmt: skip
GERMAN = {
    '"Hand in"\nmsgstr ""': '"Hand in"\nmsgstr "Einreichen"',
    '"Open"\nmsgstr ""': '"Open"\nmsgstr "Öffnen"',
    '"Ideas of %(name)s"\nmsgstr ""': '"Ideas of %(name)s"\nmsgstr "Ideen von %(name)s"',
    '"See <b>all</b> of them"\nmsgstr ""': '"See <b>all</b> of them"\nmsgstr "<b>Alle</b> ansehen"',
    '"Dear reader"\nmsgstr ""': '"Dear reader"\nmsgstr "Guten Tag"',
    'msgstr[0] ""\nmsgstr[1] ""': 'msgstr[0] "eine Idee"\nmsgstr[1] "%(n)s Ideen"',
}


@pytest.fixture
def package(tmp_path):
    """Return a small package with its German catalogue, translated whole."""
    folder = tmp_path / "permea"
    for name, text in SOURCES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    messages.update(messages.gather(folder), "de", folder)
    for empty, translated in GERMAN.items():
        replace(folder, empty, translated)
    return folder


def replace(folder, old: str, new: str) -> None:
    path = messages.catalogue_path("de", folder)
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1, text
    path.write_text(text.replace(old, new), encoding="utf-8")


def said(folder) -> list[str]:
    return list(messages.problems(messages.gather(folder), "de", folder))


def test_every_text_is_translated():
    texts = messages.gather()

    assert [problem for language in messages.languages() for problem in messages.problems(texts, language)] == []


def test_a_whole_catalogue_has_no_fault(package):
    assert (said(package), messages.languages(package)) == ([], ["de"])


def test_updating_keeps_translations_and_changes_nothing_twice(package):
    path = messages.catalogue_path("de", package)
    messages.update(messages.gather(package), "de", package)
    once = path.read_bytes()
    messages.update(messages.gather(package), "de", package)

    assert (said(package), path.read_bytes()) == ([], once)


def test_updating_adds_what_is_new_and_drops_what_is_gone(package):
    (package / "ideas/rules.py").write_text('A = _("Withdraw")\n')
    assert sorted(said(package)) == [
        "de: '%(n)s idea' is no longer in the sources",
        "de: 'Hand in' is no longer in the sources",
        "de: 'Open' is no longer in the sources",
        "de: 'Withdraw' is missing (permea/ideas/rules.py)",
    ]

    messages.update(messages.gather(package), "de", package)
    assert said(package) == ["de: 'Withdraw' is not translated (permea/ideas/rules.py)"]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"Einreichen"', '""', "'Hand in' is not translated (permea/ideas/rules.py)"),
        ('msgid "Hand in"', '#, fuzzy\nmsgid "Hand in"', "'Hand in' is marked as unsure (permea/ideas/rules.py)"),
        ("von %(name)s", "von %(nahme)s",
         ("'Ideas of %(name)s' has other placeholders in 'Ideen von %(nahme)s' "
         "(permea/ideas/templates/ideas/list.html)")),
        ("%(n)s Ideen", "viele Ideen",
         "'%(n)s idea' has other placeholders in 'viele Ideen' (permea/ideas/rules.py)"),
        ("eine Idee", "%(m)s Idee",
         "'%(n)s idea' has other placeholders in '%(m)s Idee' (permea/ideas/rules.py)"),
        ("%(n)s Ideen", "", "'%(n)s idea' is not translated (permea/ideas/rules.py)"),
        ("<b>Alle</b> ansehen", "Alle</b> ansehen",
         ("'See <b>all</b> of them' has other tags in 'Alle</b> ansehen' "
         "(permea/ideas/templates/ideas/list.html)")),
    ],
)  # fmt: skip
def test_a_planted_fault_is_named(package, old, new, fault):
    replace(package, old, new)

    assert said(package) == [f"de: {fault}"]


def test_compiled_catalogues_speak(package):
    (compiled,) = messages.compile_all(package)
    with compiled.open("rb") as file:
        german = gettext.GNUTranslations(file)

    many = german.ngettext("%(n)s idea", "%(n)s ideas", 2)
    assert (german.gettext("Hand in"), many, german.pgettext("verb", "Open")) == ("Einreichen", "%(n)s Ideen", "Öffnen")
