"""The ways in which a computation can be refused; each message says which input and why."""


class EngineError(ValueError):
    """Stand for any input the engine cannot compute with."""


class ShapeError(EngineError):
    """Say that an input has the wrong number of dimensions, the wrong length or the wrong kind of entries."""


class RangeError(EngineError):
    """Say that an input holds a number outside of what it can mean."""


class UndeterminedError(EngineError):
    """Say that the input does not contain what is needed to determine an answer."""


class NotConvergedError(EngineError):
    """Say that a computation stopped before its answer was good enough."""
