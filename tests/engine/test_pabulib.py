"""Pabulib files of every kind of ballot are read, and every fault is named with its line."""

import csv
import zipfile
from fractions import Fraction

import numpy as np
import pytest

from permea_engine.errors import EngineError
from permea_engine.portfolio import PabulibError, read_pabulib

HEAD = "META\nkey;value\nbudget;60,5\nvote_type;{}\n"
PROJECTS = 'PROJECTS\nproject_id;cost;name\nA;50;"One; two"\nB;30;Bench\nC;20.25;Café\n'


@pytest.fixture
def write(tmp_path):
    """Return a function that writes a file of this content and returns its path."""

    def _write(text):
        path = tmp_path / "election.pb"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return _write


def election(kind, votes, header="voter_id;vote"):
    return HEAD.format(kind) + PROJECTS + f"VOTES\n{header}\n{votes}"


@pytest.mark.parametrize(
    ("kind", "votes", "header", "ballots", "points"),
    [
        ("approval", "1;A,B\n2;B,B\n3;\n", "voter_id;vote", [[1, 1, 0], [0, 1, 0], [0, 0, 0]], None),
        ("choose-1", "1;A\n2;C\n", "voter_id;vote", [[1, 0, 0], [0, 0, 1]], None),
        ("cumulative", "1;A,C;2,1\n", "voter_id;vote;points", [[2, 0, 1]], None),
        ("scoring", "1;21;A,C;2.5,1\n\n3;9;;\n", "voter_id;age;vote;points", [[2.5, 0, 1], [0, 0, 0]], None),
        ("ordinal", "1;C,A\n2;B\n", "voter_id;vote", [[2, 0, 1], [0, 1, 0]], [[1, 0, 2], [0, 1, 0]]),
    ],
)
def test_every_kind_of_ballot_is_read(write, kind, votes, header, ballots, points):
    found = read_pabulib(write(election(kind, votes, header)))
    assert (found.ballots.toarray().tolist(), found.utilities("points").toarray().tolist()) == (
        ballots, points or ballots,
    )  # fmt: skip
    assert (found.vote_type, found.projects, found.voters[0]) == (kind, ("A", "B", "C"), "1")


def test_amounts_are_taken_as_written(write):
    found = read_pabulib(write("\ufeff" + election("approval", "1;A,C\n")))
    assert (found.budget, found.costs[2], found.meta["budget"]) == (Fraction(121, 2), Fraction(81, 4), "60,5")
    assert found.utilities("cost").toarray().tolist() == [[50.0, 0.0, 20.25]]
    assert found.utilities("votes").toarray().tolist() == [[1.0, 0.0, 1.0]]
    assert (found.details[0]["name"], found.details[2]["name"]) == ("One; two", "Café")


def test_no_points_are_an_empty_ballot(write):
    found = read_pabulib(write(election("cumulative", "1;A;3\n2;;\n3;\n", "voter_id;vote;points")))
    assert found.ballots.toarray().tolist() == [[3, 0, 0], [0, 0, 0], [0, 0, 0]]


def test_the_real_elections_are_read(shared_data, tmp_path):
    folder = shared_data("pabulib")
    with zipfile.ZipFile(folder / "instances.zip") as archive:
        names = [name for name in archive.namelist() if name.endswith(".pb")][::6]
        kinds = set()
        for name in names:
            found = read_pabulib(archive.extract(name, tmp_path))
            kinds.add(found.vote_type)
            assert (len(found.voters), len(found.projects)) == (
                int(found.meta["num_votes"]), int(found.meta["num_projects"]),
            )  # fmt: skip
            voted = np.bincount(found.ballots.indices, minlength=len(found.projects))
            stated = [float(project.get("votes", "nan")) for project in found.details]
            assert np.mean(voted == stated) > 0.5
    assert len(kinds) >= 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1: the file ends without a section META"),
        ("a;b\n", "line 1: a section META wanted before anything else"),
        (HEAD.format("approval"), "line 5: the file ends without a section PROJECTS"),
        (HEAD.format("approval") + PROJECTS + "VOTES\n", "without a section VOTES and its header"),
        (HEAD.format("veto") + PROJECTS + "VOTES\nvoter_id;vote\n", "line 2: vote_type 'veto'; wanted: approval"),
        (election("approval", "").replace("budget;60,5\n", "note\n"), "line 2: no budget"),
        (election("approval", "").replace("60,5", "much"), "line 3: budget: 'much' is not a number"),
        (election("approval", "").replace("30", "-30"), "line 8: cost: -30 is negative"),
        (election("approval", "").replace("30", "1/0"), "line 8: cost: '1/0' is not a number"),
        (election("approval", "").replace("B;30;Bench", "B"), "line 8: 1 fields, fewer than a project needs"),
        (election("approval", "").replace("B;30", "A;30"), "line 8: project 'A' comes twice"),
        (election("approval", "").replace("cost", "price"), "line 6: no column 'cost' among project_id, price, name"),
        (election("approval", "1;A\n2;D\n"), "line 13: there is no project 'D'"),
        (election("scoring", "1;21\n", "voter_id;age;vote;points"), "line 12: 2 fields, fewer than a vote needs"),
        (election("approval", "1\n"), "line 12: 1 fields, fewer than a vote needs"),
        (election("ordinal", "1;A,A\n"), "line 12: a project comes twice"),
        (election("choose-1", "1;A,B\n"), "line 12: 2 projects on a ballot that may name one"),
        (election("cumulative", "1;A\n"), "line 11: no column 'points'"),
        (election("cumulative", "1;A,B;3\n", "voter_id;vote;points"), "line 12: 1 points for 2 projects"),
        (election("cumulative", "1;A;x\n", "voter_id;vote;points"), "line 12: points: 'x' is not a number"),
        (b"META\nkey;value\nname;\xe9\n", "line 3: not written in UTF-8"),
    ],
)
def test_every_fault_is_named_with_its_line(write, text, message):
    with pytest.raises(PabulibError, match=message):
        read_pabulib(write(text))


def test_a_field_without_end_is_named_with_its_line(write):
    before = csv.field_size_limit(1000)
    try:
        with pytest.raises(PabulibError, match="line 5: field larger"):
            read_pabulib(write(HEAD.format("approval") + "x" * 2000))
    finally:
        csv.field_size_limit(before)


def test_an_unknown_measure_is_refused(write):
    with pytest.raises(EngineError, match="measure: 'joy' given, it must be one of votes, points, cost"):
        read_pabulib(write(election("approval", "1;A\n"))).utilities("joy")
