import numpy as np
import pytest

from permea_engine import ENGINE_VERSION, checks
from permea_engine.errors import EngineError, NotConvergedError, RangeError, ShapeError, UndeterminedError


def test_all_refusals_are_engine_errors_and_value_errors():
    kinds = (ShapeError, RangeError, UndeterminedError, NotConvergedError)
    assert [(issubclass(kind, EngineError), issubclass(kind, ValueError)) for kind in kinds] == [(True, True)] * 4


def test_the_engine_states_its_version():
    assert (isinstance(ENGINE_VERSION, str), ENGINE_VERSION != "") == (True, True)


@pytest.mark.parametrize(
    ("call", "kind", "message"),
    [
        (lambda: checks.real_array("costs", ["a"], shape=(1,)), ShapeError, "costs: not an array of numbers"),
        (lambda: checks.real_array("costs", [[1], [1, 2]], shape=(2, None)), ShapeError, "costs: not an array"),
        (lambda: checks.real_array("costs", [1.0], shape=(2,)), ShapeError, r"costs: shape \(2\) wanted, \(1,\) given"),
        (lambda: checks.real_array("costs", 1.0, shape=(None,)), ShapeError, r"costs: shape \(any\) wanted"),
        (
            lambda: checks.real_array("costs", [[0.0, np.inf]], shape=(1, 2), missing=True),
            RangeError,
            r"costs: entry \(0, 1\)",
        ),
        (lambda: checks.real_array("costs", [0.0, np.nan], shape=(2,)), RangeError, "costs: entry 1 is not a finite"),
        (lambda: checks.index_array("idea", [0.5]), ShapeError, "idea: a vector of whole numbers"),
        (lambda: checks.index_array("idea", [[1]]), ShapeError, "idea: a vector"),
        (lambda: checks.index_array("idea", [1], length=2), ShapeError, "idea: 2 entries wanted, 1 given"),
        (lambda: checks.index_array("idea", [0, -1]), RangeError, "idea: entry 1 is -1; an index must be at least 0$"),
        (lambda: checks.index_array("idea", [3], size=3), RangeError, "at least 0 and below 3"),
        (lambda: checks.whole_number("k", 1.5, minimum=0), ShapeError, "k: a whole number wanted, 1.5 given"),
        (lambda: checks.whole_number("k", value=True, minimum=0), ShapeError, "k: a whole number wanted, True given"),
        (lambda: checks.whole_number("k", 0, minimum=1), RangeError, "k: 0 given, it must be at least 1"),
        (lambda: checks.whole_number("k", 9, minimum=1, maximum=4), RangeError, "k: 9 given, it must be from 1 to 4"),
        (lambda: checks.share("level", 1.0), RangeError, "level: 1.0 given"),
        (lambda: checks.not_negative("costs", np.array([1.0, -1.0])), RangeError, "costs: entry 1 is negative"),
    ],
)
def test_a_check_names_the_input_and_the_cause(call, kind, message):
    with pytest.raises(kind, match=message):
        call()


def test_checks_pass_clean_input_on():
    found = (
        checks.real_array("x", [1, None], shape=(2,), missing=True).tolist()[0],
        checks.index_array("x", [], size=3).dtype == np.intp,
        checks.whole_number("x", np.int64(3), minimum=0, maximum=3),
        checks.share("x", 0.5),
    )
    assert found == (1.0, True, 3, 0.5)


def test_the_input_is_copied():
    given = np.array([1.0, 2.0])
    checks.real_array("x", given, shape=(2,))[0] = 9.0
    assert given[0] == 1.0
