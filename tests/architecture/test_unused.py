"""The tool that `make check` asks for unused code finds it."""

from __future__ import annotations

from tools import unused


def test_a_planted_unused_function_is_named(tmp_path):
    files = {
        "permea/ideas/queries.py": "def seen():\n    return 1\n\ndef unseen():\n    return 2\n\n"
        "def shown():\n    return 3\n",
        "permea/ideas/receivers.py": "@hears(Event)\ndef on_event(event):\n    return event\n",
        "permea/ideas/commands.py": "def run():\n    return seen()\n",
        "permea/ideas/templates/ideas/a.html": "{{ row.shown() }} unseen {# unseen #}",
        "permea/config/cli.py": 'COMMANDS = {"run": "permea.ideas.commands:run"}\nprint(COMMANDS)\n',
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    assert unused.problems(tmp_path) == ["permea/ideas/queries.py:4: unused function 'unseen'"]
