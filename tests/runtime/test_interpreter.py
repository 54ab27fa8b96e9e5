import gc
import sys

import pytest

from engine.runtime.interpreter import SWITCH_INTERVAL_S, steady


def test_what_exists_is_frozen_and_the_interval_set_meanwhile() -> None:
    before_s, frozen = sys.getswitchinterval(), gc.get_freeze_count()
    with steady():
        assert gc.get_freeze_count() > 1000
        assert sys.getswitchinterval() == pytest.approx(SWITCH_INTERVAL_S)
    assert gc.get_freeze_count() <= frozen
    assert sys.getswitchinterval() == before_s


def test_an_error_leaves_everything_as_it_was() -> None:
    before_s = sys.getswitchinterval()
    with pytest.raises(ZeroDivisionError), steady():
        raise ZeroDivisionError
    assert sys.getswitchinterval() == before_s
    assert gc.get_freeze_count() == 0
