"""Elections on a budget from Pabulib `.pb` files."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from permea_engine.errors import EngineError

SECTIONS = ("META", "PROJECTS", "VOTES")
WITH_POINTS = ("cumulative", "scoring")
VOTE_TYPES = ("approval", "choose-1", *WITH_POINTS, "ordinal")
MEASURES = ("votes", "points", "cost")


class PabulibError(EngineError):
    """Say what is wrong in a `.pb` file, and in which line."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line


@dataclass(frozen=True, slots=True, eq=False)
class Election:
    """Projects with their costs, and ballots.

    Attributes
    ----------
    budget : Fraction
        What there is, as written.
    vote_type : str
        ``"approval"``, ``"choose-1"``, ``"cumulative"``, ``"scoring"`` or ``"ordinal"``.
    projects : tuple of str
        Their keys.
    costs : tuple of Fraction
        Their costs, as written.
    ballots : csr_array of shape (n_voters, n_projects)
        1 for a project that was approved; its points; or its place on an ordinal ballot, from 1.
    voters : tuple of str
        Their keys.
    meta : mapping of str to str
        The head of the file.
    details : tuple of mapping of str to str
        All columns of each project.

    """

    budget: Fraction
    vote_type: str
    projects: tuple[str, ...]
    costs: tuple[Fraction, ...]
    ballots: csr_array
    voters: tuple[str, ...]
    meta: Mapping[str, str]
    details: tuple[Mapping[str, str], ...]

    def utilities(self, measure: str) -> csr_array:
        """Return what each project is worth to each voter, of shape (n_voters, n_projects).

        ``"votes"``: 1 for each project on the ballot; ``"cost"``: its cost; ``"points"``: its points, or on an ordinal
        ballot of `k` projects `k` for the first down to 1 for the last (1 for an approved project).
        """
        if measure not in MEASURES:
            raise EngineError(f"measure: {measure!r} given, it must be one of {', '.join(MEASURES)}")
        found = self.ballots.copy()
        if measure == "cost":
            found.data = np.array([float(cost) for cost in self.costs])[found.indices] * (found.data > 0)
        elif measure == "votes":
            found.data = (found.data > 0).astype(np.float64)
        elif self.vote_type == "ordinal":
            lengths = np.diff(found.indptr)
            found.data = np.repeat(lengths, lengths) + 1.0 - found.data
        return found


def read_pabulib(path: str | Path) -> Election:
    r"""Read an election from a Pabulib `.pb` file.

    Parameters
    ----------
    path : str or Path
        The file, in UTF-8: the sections META, PROJECTS and VOTES with semicolons between fields [1]_.

    Returns
    -------
    Election
        Its projects, costs and ballots, whatever kind of ballot it uses.

    Raises
    ------
    PabulibError
        If the file is not of this form; it names the line and what is wrong there.

    References
    ----------
    .. [1] P. Faliszewski et al., "Participatory budgeting: data, tools and analysis", IJCAI 2023.
       doi:10.24963/ijcai.2023/297

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> head = "META\nkey;value\nbudget;60\nvote_type;approval\n"
    >>> body = "PROJECTS\nproject_id;cost\nA;50\nB;30\nVOTES\nvoter_id;vote\n1;A,B\n2;B\n"
    >>> with TemporaryDirectory() as folder:
    ...     size = Path(folder, "small.pb").write_text(head + body, encoding="utf-8")
    ...     election = read_pabulib(Path(folder, "small.pb"))
    >>> election.projects, float(election.budget), election.ballots.toarray().tolist()
    (('A', 'B'), 60.0, [[1.0, 1.0], [0.0, 1.0]])

    """
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise PabulibError(1 + error.object[: error.start].count(b"\n"), "not written in UTF-8") from None
    tables = _tables(text)
    meta = {row.fields[0]: row.fields[1] if len(row.fields) > 1 else "" for row in tables["META"].rows}
    vote_type = meta.get("vote_type", "")
    if vote_type not in VOTE_TYPES:
        raise PabulibError(tables["META"].line, f"vote_type {vote_type!r}; wanted: {', '.join(VOTE_TYPES)}")
    if "budget" not in meta:
        raise PabulibError(tables["META"].line, "no budget")
    line_of = {row.fields[0]: row.line for row in tables["META"].rows}
    details, costs = _projects(tables["PROJECTS"])
    place = {key: number for number, key in enumerate(details)}
    voters, ballots = _ballots(tables["VOTES"], place, vote_type)
    return Election(
        budget=_number(meta["budget"], "budget", line_of["budget"]),
        vote_type=vote_type,
        projects=tuple(details),
        costs=tuple(costs),
        ballots=ballots,
        voters=tuple(voters),
        meta=MappingProxyType(meta),
        details=tuple(details.values()),
    )


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    fields: list[str]


@dataclass(frozen=True, slots=True)
class _Table:
    line: int
    header: list[str]
    rows: list[_Row]

    def column(self, name: str) -> int:
        if name not in self.header:
            raise PabulibError(self.line, f"no column {name!r} among {', '.join(self.header)}")
        return self.header.index(name)


def _tables(text: str) -> dict[str, _Table]:
    found: dict[str, _Table] = {}
    rows, wants_header, current = _rows(text), False, None
    for row in rows:
        if len(row.fields) == 1 and row.fields[0].upper() in SECTIONS:
            current, wants_header = row.fields[0].upper(), True
        elif current is None:
            raise PabulibError(row.line, "a section META wanted before anything else")
        elif wants_header:
            found[current], wants_header = _Table(row.line, row.fields, []), False
        else:
            found[current].rows.append(row)
    for name in SECTIONS:
        if name not in found:
            raise PabulibError(1 + text.count("\n"), f"the file ends without a section {name} and its header")
    return found


def _rows(text: str) -> Iterator[_Row]:
    reader = csv.reader(text.splitlines(), delimiter=";")
    try:
        for fields in reader:
            if any(field.strip() for field in fields):
                yield _Row(reader.line_num, [field.strip() for field in fields])
    except csv.Error as error:
        raise PabulibError(reader.line_num, str(error)) from None


def _number(text: str, name: str, line: int) -> Fraction:
    try:
        number = Fraction(text.replace(",", "."))
    except (ValueError, ZeroDivisionError):
        raise PabulibError(line, f"{name}: {text!r} is not a number") from None
    if number < 0:
        raise PabulibError(line, f"{name}: {text} is negative")
    return number


def _projects(table: _Table) -> tuple[dict[str, Mapping[str, str]], list[Fraction]]:
    key_at, cost_at = table.column("project_id"), table.column("cost")
    details: dict[str, Mapping[str, str]] = {}
    costs = []
    for row in table.rows:
        if len(row.fields) <= max(key_at, cost_at):
            raise PabulibError(row.line, f"{len(row.fields)} fields, fewer than a project needs")
        key = row.fields[key_at]
        if key in details:
            raise PabulibError(row.line, f"project {key!r} comes twice")
        details[key] = MappingProxyType(dict(zip(table.header, row.fields, strict=False)))
        costs.append(_number(row.fields[cost_at], "cost", row.line))
    return details, costs


def _ballots(table: _Table, place: dict[str, int], vote_type: str) -> tuple[list[str], csr_array]:
    voter_at, vote_at = table.column("voter_id"), table.column("vote")
    points_at = table.column("points") if vote_type in WITH_POINTS else None
    voters, starts = [], [0]
    columns: list[int] = []
    data: list[float] = []
    for row in table.rows:
        if len(row.fields) <= max(voter_at, vote_at):
            raise PabulibError(row.line, f"{len(row.fields)} fields, fewer than a vote needs")
        named = [key.strip() for key in row.fields[vote_at].split(",") if key.strip()]
        if vote_type == "approval":
            named = list(dict.fromkeys(named))  # real files hold a few projects twice: still one approval
        columns += _places(named, place, row.line)
        if points_at is not None:
            data += _points(row.fields[points_at] if len(row.fields) > points_at else "", len(named), row.line)
        else:
            data += range(1, len(named) + 1) if vote_type == "ordinal" else [1.0] * len(named)
        if vote_type == "choose-1" and len(named) > 1:
            raise PabulibError(row.line, f"{len(named)} projects on a ballot that may name one")
        voters.append(row.fields[voter_at])
        starts.append(len(columns))
    indices: NDArray[np.intp] = np.array(columns, dtype=np.intp)
    shape = (len(voters), len(place))
    return voters, csr_array((np.array(data, dtype=np.float64), indices, np.array(starts)), shape=shape)


def _places(named: list[str], place: dict[str, int], line: int) -> list[int]:
    for key in named:
        if key not in place:
            raise PabulibError(line, f"there is no project {key!r}")
    if len(set(named)) < len(named):
        raise PabulibError(line, "a project comes twice on one ballot")
    return [place[key] for key in named]


def _points(text: str, n_named: int, line: int) -> list[float]:
    given = [one for one in text.split(",") if one.strip()]
    if len(given) != n_named:
        raise PabulibError(line, f"{len(given)} points for {n_named} projects")
    return [float(_number(one.strip(), "points", line)) for one in given]
