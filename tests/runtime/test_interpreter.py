import gc

import pytest

from engine.runtime.interpreter import settled


def test_what_exists_is_frozen_meanwhile() -> None:
    with settled():
        assert gc.get_freeze_count() > 1000
    assert gc.get_freeze_count() == 0


def test_an_error_leaves_everything_as_it_was() -> None:
    with pytest.raises(ZeroDivisionError), settled():
        raise ZeroDivisionError
    assert gc.get_freeze_count() == 0
