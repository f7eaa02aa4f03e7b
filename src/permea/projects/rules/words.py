"""What a package and a readiness checklist begin with for each kind of thing, and what the readiness levels mean."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permea.projects.models import Transfer

Words = str | Promise
Kind = Transfer.Kind
LEVELS: dict[int, Words] = {
    1: _("The principle has been observed"),
    2: _("It is clear what it could be used for"),
    3: _("A first trial shows that it can work"),
    4: _("It works in the laboratory"),
    5: _("It works under conditions like those of use"),
    6: _("A prototype has worked under conditions like those of use"),
    7: _("A prototype has worked in use"),
    8: _("It is complete and has been tested in use"),
    9: _("It has proven itself in daily use"),
}
PACKAGES: dict[str, tuple[Words, ...]] = {
    Kind.SOFTWARE: (
        _("Source code and how to build it"),
        _("Guide for users and for whoever runs it"),
        _("List of parts made by others, with their licences"),
        _("Tests with their data"),
        _("Known faults"),
        _("Accounts and keys"),
    ),
    Kind.PROTOTYPE: (
        _("The device, with its list of parts"),
        _("Drawings and circuit diagrams"),
        _("Results of tests so far"),
        _("What is dangerous about it, and how to be safe"),
        _("Guide for use and care"),
        _("Spare parts and special tools"),
    ),
    Kind.PROCESS: (
        _("Description with all settings and their limits"),
        _("Work instructions"),
        _("List of machines and tools"),
        _("Materials and who supplies them"),
        _("How quality is checked, with measured results"),
        _("Safety, waste and permits"),
    ),
    Kind.DRAWINGS: (
        _("Drawings in an open format"),
        _("Files of the program they were made with"),
        _("List of versions"),
        _("Description of every column of the data"),
        _("Tolerances and standards that apply"),
        _("Who may copy and pass on what"),
    ),
    Kind.MATERIAL: (
        _("The material, with amount and batch"),
        _("Safety data sheet"),
        _("How to store it, and how long it keeps"),
        _("Result of the analysis"),
        _("Transport papers"),
        _("What is to be done with what is left"),
    ),
    Kind.KNOW_HOW: (
        _("The know-how in writing"),
        _("List of the rights under licence"),
        _("Worked examples"),
        _("Who can be asked about what"),
        _("What is not included"),
        _("What has to be kept secret"),
    ),
}
POINTS: tuple[Words, ...] = (
    _("Somebody runs it from the first day"),
    _("The money for it is approved"),
    _("Those who work with it are trained"),
    _("Rooms, machines and systems are ready"),
    _("Our own processes are adapted to it"),
    _("Permits and safety are checked"),
)


def package_of(kind: str) -> list[str]:
    """Return what the package of a kind of thing begins with, in the language of now."""
    return [str(name) for name in PACKAGES[kind]]


def points_of() -> list[str]:
    """Return what readiness begins with, in the language of now."""
    return [str(name) for name in POINTS]
