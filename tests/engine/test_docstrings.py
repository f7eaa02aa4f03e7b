"""The documentation of the engine is complete and its examples are true."""

import doctest
import importlib
import inspect
import pkgutil

import pytest

import permea_engine

MODULES = sorted(module.name for module in pkgutil.walk_packages(permea_engine.__path__, "permea_engine."))
SECTIONS = ("Parameters", "Returns", "Raises", "Examples")
WITHOUT = {  # total functions: nothing to refuse
    "rank_order": {"Raises"},
}


def public_functions():
    """Return every function that a user of the engine is offered, by its full name."""
    found = {}
    for name in MODULES:
        module = importlib.import_module(name)
        inner = name.count(".") > 1  # modules inside a package are offered through it
        names = [] if inner else getattr(module, "__all__", [one for one in vars(module) if not one.startswith("_")])
        for one in names:
            value = getattr(module, one)
            if inspect.isfunction(value) and value.__module__.startswith(name):
                found[f"{name}.{one}"] = value
    return found


def missing_sections(function):
    text = inspect.getdoc(function) or ""
    wanted = set(SECTIONS) - WITHOUT.get(function.__name__, set())
    return sorted(name for name in wanted if f"\n{name}\n{'-' * len(name)}\n" not in text)


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name):
    result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


def test_every_public_function_documents_parameters_returns_errors_and_an_example():
    functions = public_functions()
    assert len(functions) > 15
    assert {name: missing for name, function in functions.items() if (missing := missing_sections(function))} == {}


def test_a_bare_function_would_be_found():
    def bare():
        """Return nothing."""

    assert missing_sections(bare) == sorted(SECTIONS)


def test_the_package_itself_imports_nothing_heavy():
    source = inspect.getsource(permea_engine)
    assert "import" not in source.replace("import what you need", "")
