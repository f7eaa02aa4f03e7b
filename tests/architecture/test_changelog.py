"""The fragments of changes/ are of the right form, and a release moves them into the changelog."""

from __future__ import annotations

import pytest

from tools import changelog


@pytest.fixture
def root(tmp_path):
    (tmp_path / "changes").mkdir()
    (tmp_path / "changes" / "README.md").write_text("# About\n")
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n{changelog.MARK}\n## 0.1.0 (2026-01-01)\n")
    return tmp_path


def test_the_fragments_are_of_the_right_form():
    assert changelog.problems() == []


def test_planted_fragments_of_the_wrong_form_are_named(root):
    (root / "changes" / "bridges.new.md").write_text("Bridges can be built.\n")
    (root / "changes" / "roads.added.md").write_text("- roads\n")

    assert [said.partition(":")[0] for said in changelog.problems(root)] == [
        "changes/bridges.new.md",
        "changes/roads.added.md",
    ]
    with pytest.raises(ValueError, match="bridges"):
        changelog.release("0.2.0", "2026-03-02", root)


def test_a_release_tells_what_changed_once(root):
    (root / "changes" / "bridges.added.md").write_text("Bridges can\nbe built.\n")
    (root / "changes" / "roads.fixed.md").write_text("Roads end where they should.\n")
    changelog.release("0.2.0", "2026-03-02", root)

    assert (root / "CHANGELOG.md").read_text() == (
        f"# Changelog\n\n{changelog.MARK}\n## 0.2.0 (2026-03-02)\n\n### Added\n\n- Bridges can be built.\n\n"
        "### Fixed\n\n- Roads end where they should.\n\n## 0.1.0 (2026-01-01)\n"
    )
    with pytest.raises(ValueError, match="no fragment"):
        changelog.release("0.3.0", "2026-03-03", root)
