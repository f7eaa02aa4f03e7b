"""The rules of tools/rules (ast-grep) and tools.templates hold, and each of them finds what it forbids."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tools import templates

ROOT = Path(__file__).resolve().parents[2]
AST_GREP = Path(sys.executable).with_name("ast-grep")

PLANTED = {
    "writes-only-in-services": [
        ("ideas/views.py", "idea.save()"),
        ("ideas/receivers.py", "idea.save(update_fields=['title'])"),
        ("ideas/queries.py", "ideas.filter(pk=1).update(title='x')"),
        ("ideas/forms.py", "ideas.create(title='x')"),
        ("ideas/models.py", "idea.delete()"),
        ("ideas/api.py", "ideas.get_or_create(title='x')"),
        ("ideas/tasks.py", "ideas.bulk_create(rows)"),
        ("ideas/queries.py", "ideas.select_for_update()"),
    ],
    "objects-only-in-queries": [
        ("ideas/views.py", "Idea.objects.all()"),
        ("ideas/rules.py", "Idea._default_manager.all()"),
    ],
    "gettext-of-plain-text": [
        ("ideas/rules.py", "_(f'Dear {name}')"),
        ("ideas/rules.py", "gettext_lazy('Dear ' + name)"),
        ("ideas/rules.py", "_('Dear {}'.format(name))"),
        ("ideas/rules.py", "ngettext('%(n)s idea', '%(n)s ideas' % {'n': n}, n)"),
        ("ideas/rules.py", "_('Dear '\n  f'{name}')"),
    ],
    "migrations-import-no-app": [
        ("ideas/migrations/0001_first.py", "from permea.ideas.models import Idea"),
        ("ideas/migrations/0001_first.py", "import permea.ideas.rules"),
    ],
    "templates-hold-no-style": [
        ("ideas/templates/ideas/a.html", '<p class="a" style="color: red">x</p>'),
        ("ideas/templates/ideas/a.html", "<style>p { color: red }</style>"),
        ("ideas/templates/ideas/a.html", "<script>alert(1)</script>"),
        ("ideas/templates/ideas/a.html", '<p onclick="go()">x</p>'),
    ],
}
SOUND = [
    ("ideas/services.py", "Idea.objects.create(title='x').save()"),
    ("ideas/services/submitting.py", "idea.delete()"),
    ("ideas/queries.py", "Idea.objects.all()"),
    ("ideas/views.py", "workbook.save(path)\nsums.update(content)\ncache.delete('key')\nrow.update({'a': 1})"),
    ("ideas/rules.py", "_('Dear %(name)s') % {'name': name}"),
    ("ideas/migrations/0001_first.py", "import permea.foundation.ids"),
    ("ideas/migrations/0001_first.py", "from permea.foundation.migrating import CreateModels"),
    ("ideas/templates/ideas/a.html", '<script src="{{ static(\'js/a.js\') }}" defer></script><p class="style">x</p>'),
]


def scan(folder: Path) -> list[str]:
    """Return the names of the rules that something under `folder` breaks."""
    done = subprocess.run(
        [AST_GREP, "scan", "--config", ROOT / "sgconfig.yml", "--json=compact", folder],
        cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.stdout, done.stderr
    return sorted(match["ruleId"] for match in json.loads(done.stdout))


def write(folder: Path, file: str, text: str) -> None:
    path = folder / "src" / "permea" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n")


def test_the_source_breaks_no_rule():
    assert scan(ROOT / "src") == []


def test_every_rule_is_planted():
    assert set(PLANTED) == {path.stem for path in (ROOT / "tools" / "rules").glob("*.yml")}


@pytest.mark.parametrize(
    ("rule", "file", "text"), [(rule, file, text) for rule, plants in PLANTED.items() for file, text in plants]
)
def test_a_planted_line_breaks_its_rule(tmp_path, rule, file, text):
    write(tmp_path, file, text)

    assert set(scan(tmp_path)) == {rule}


def test_sound_lines_break_none(tmp_path):
    for file, text in SOUND:
        write(tmp_path, file, text)

    assert scan(tmp_path) == []


def test_templates_hold_nothing_that_the_policy_refuses():
    assert templates.problems() == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('<input {{ "checked" if a > b }}\n  style="x">', [(2, "an inline style")]),
        ("{# <style> #}\n<style>p {}</style>", [(2, "a style element")]),
        ('<a {% if a > 1 %}onclick="x"{% endif %}>', [(1, "an inline handler")]),
        ("<script>x()</script>", [(1, "a script that is not a file under static")]),
        ('<script src="https://example.org/x.js"></script>',
         [(1, "a script that is not a file under static"), (1, "a file from another host")]),
        ('<a href="javascript:x()">', [(1, "a javascript: address")]),
        ("<script src=\"{{ static('a.js') }}\"></script><p>style = plain</p>", []),
    ],
)  # fmt: skip
def test_a_planted_template_line_is_named(text, said):
    assert list(templates.refused(text)) == said
