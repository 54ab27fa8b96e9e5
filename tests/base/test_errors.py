import inspect
import re

import pytest

from engine import errors
from engine.errors import (
    DeviceError,
    EndOfStream,
    FidgetError,
    SourceError,
    StageFailed,
    Trouble,
)

ROW = re.compile(r"^ {4}(?P<branch>[│├└─ ]*)(?P<name>\w+) +(?P<code>\d+|\*)? ", re.MULTILINE)


def drawn() -> dict[str, tuple[str, str]]:
    """Class to parent and exit code, as the docstring of the module draws them."""
    tree: dict[str, tuple[str, str]] = {}
    above: list[str] = []
    for row in ROW.finditer(inspect.getdoc(errors) or ""):
        depth = len(row["branch"]) // 4
        above = [*above[:depth], row["name"]]
        inherited = tree[above[-2]][1] if depth else ""
        parent = above[-2] if depth else "Exception"
        tree[row["name"]] = parent, row["code"] or inherited
    return tree


def defined() -> dict[str, type[FidgetError]]:
    return {
        name: member
        for name, member in vars(errors).items()
        if inspect.isclass(member) and issubclass(member, FidgetError)
    }


def test_the_drawing_names_every_class_and_no_other() -> None:
    assert set(drawn()) == set(defined())


@pytest.mark.parametrize("name", sorted(defined()))
def test_parents_and_exit_codes_are_as_drawn(name: str) -> None:
    parent, code = drawn()[name]
    member = defined()[name]
    assert member.__bases__[0].__name__ == parent
    if code != "*":
        assert member.exit_code == int(code)


def test_everything_public_is_exported() -> None:
    public = {
        name
        for name, member in vars(errors).items()
        if inspect.isclass(member) and member.__module__ == errors.__name__
    }
    assert set(errors.__all__) == public
    assert errors.__all__ == sorted(errors.__all__)


def test_a_failed_stage_carries_the_exit_code_of_its_cause() -> None:
    assert StageFailed("recognise", DeviceError("gone")).exit_code == 5
    nested = StageFailed("outer", StageFailed("inner", DeviceError("gone")))
    assert nested.exit_code == 5
    failed = StageFailed("pose", ZeroDivisionError("by zero"))
    assert failed.exit_code == 1
    assert str(failed) == "stage 'pose' failed: ZeroDivisionError: by zero"
    assert isinstance(failed.cause, ZeroDivisionError)


def test_a_source_error_knows_its_trouble_and_whether_waiting_helps() -> None:
    error = SourceError("camera 0 is busy", Trouble.BUSY, transient=True)
    assert (error.trouble, error.transient, str(error)) == (Trouble.BUSY, True, "camera 0 is busy")
    assert not SourceError("no file", Trouble.NOT_FOUND).transient


def test_the_end_of_a_file_is_no_error_of_ours() -> None:
    assert not issubclass(EndOfStream, FidgetError)
