"""The layout holds, and each of its bars finds what it forbids."""

from __future__ import annotations

import pytest

from tools import layout

APP_DOCSTRING = '"""Ideas: what comes in?"""\n'


def body(n_lines: int, name: str = "long") -> str:
    return f"def {name}() -> None:\n" + "    print(1)\n" * n_lines


def test_the_source_keeps_its_layout():
    assert layout.problems(layout.SRC) == []


@pytest.fixture
def plant(tmp_path):
    """Return a function that writes one file into an otherwise sound source and returns what is said of it."""
    app = tmp_path / "permea" / "ideas"
    app.mkdir(parents=True)
    (app / "__init__.py").write_text(APP_DOCSTRING)

    def write(file: str, text: str) -> list[str]:
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return layout.problems(tmp_path)

    return write


SERVICE = '"""Services."""\ndef submit(idea: int) -> None:\n    print(idea)\n'
FROZEN = "@dataclass(frozen=True)\n"


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("helpers.py", '"""Help."""\n', ": no such file in an app; ARCHITECTURE names them"),
        ("rules.py", '"""Rules."""\n' + "A = 1\n" * 400,
         ": 401 lines; over 400 a file becomes a package of the same name"),
        ("rules.py", "A = 1\n", ": has no docstring"),
        ("__init__.py", APP_DOCSTRING + "A = 1\n", ": an app's __init__ is one line: the step and its question"),
        ("queries.py", '"""Queries."""\n' + body(40), ": long takes 41 lines; the bar is 40"),
        ("views.py", '"""Views."""\n' + body(25), ": long takes 26 lines; the bar is 25"),
        ("services.py", SERVICE, ": submit: a service takes keywords only"),
        ("rules.py", '"""Rules."""\ndef why_not_enter() -> bool:\n    return True\n',
         ": why_not_enter: says `-> Refusal | None`"),
        ("events.py", f'"""Events."""\n{FROZEN}class SubmitIdea(Event):\n    idea_id: int\n',
         ": SubmitIdea: an event is named by what has happened"),
        ("events.py", '"""Events."""\nclass IdeaSubmitted(Event):\n    idea_id: int\n',
         ": IdeaSubmitted: an event is a frozen dataclass"),
    ],
)  # fmt: skip
def test_a_planted_departure_is_named(plant, file, text, said):
    path = f"permea/ideas/{file}"

    assert path + said in plant(path, text)


def test_templates_of_an_app_stand_under_its_name(plant):
    assert plant("permea/ideas/templates/pages/a.html", "") == [
        "permea/ideas/templates/pages: templates of an app stand under templates/ideas/"
    ]


def test_too_many_long_functions_are_named(plant):
    functions = "".join(body(29, f"f{n}") for n in range(3))

    assert plant("permea/ideas/queries.py", '"""Queries."""\n' + functions) == [
        "one function in ten is longer than 30 lines; the bar is 25"
    ]


def test_a_docstring_does_not_count_as_length(plant):
    lines = '    """Say.\n' + "\n    why\n" * 30 + '    """\n'

    assert plant("permea/ideas/queries.py", '"""Queries."""\ndef f() -> None:\n' + lines + "    print(1)\n") == []


def test_a_sound_app_departs_from_nothing(plant):
    assert (
        plant("permea/ideas/services.py", '"""Services."""\ndef submit(*, idea: int) -> None:\n    print(idea)\n') == []
    )


def test_what_a_package_of_services_offers_takes_keywords_only(plant):
    plant("permea/ideas/services/__init__.py", '"""Services."""\nfrom permea.ideas.services.submitting import submit\n')
    text = SERVICE + "\n\ndef shared(idea: int) -> None:\n    print(idea)\n"

    assert plant("permea/ideas/services/submitting.py", text) == [
        "permea/ideas/services/submitting.py: submit: a service takes keywords only"
    ]
