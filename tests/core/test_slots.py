from functools import partial

from engine.core.slots import Slots


def test_nobody_begins_no_epoch() -> None:
    slots = Slots(2)
    assert [slots.take(slot, 0, seen=False) for slot in (0, 1)] == [(0, 0), (0, 0)]
    assert slots.epochs == (0, 0)


def test_another_person_begins_an_epoch_of_their_slot_alone() -> None:
    slots = Slots(2)
    taken = [slots.take(0, person, seen=bool(person)) for person in (1, 1, 0, 1, 0, 2, 2, 1)]
    assert [epoch for epoch, _ in taken] == [0, 0, 0, 0, 0, 1, 1, 2]
    assert slots.epochs == (2, 0)


def test_two_who_change_slots_begin_an_epoch_each() -> None:
    seen = partial(Slots(2).take, seen=True)
    seen(0, 1)
    seen(1, 2)
    assert (seen(0, 2), seen(1, 1)) == ((1, 2), (1, 1))


def test_what_is_no_person_after_all_enters_no_slot() -> None:
    slots = Slots(1)
    slots.take(0, 1, seen=True)
    assert slots.take(0, 1, seen=False) == (0, 1)
    assert slots.take(0, 2, seen=False) == (0, 0)
    assert slots.take(0, 1, seen=True) == (0, 1)
    assert slots.take(0, 2, seen=True) == (1, 2)


def test_after_a_break_everybody_is_new() -> None:
    """The plugin counts from 1 again; whoever that is, it is none of those before."""
    slots = Slots(2)
    seen = partial(slots.take, seen=True)
    seen(0, 1)
    seen(1, 4)
    slots.restart()
    assert slots.epochs == (1, 1)
    assert [seen(0, 1), slots.take(1, 0, seen=False)] == [(1, 5), (1, 0)]
    slots.restart()
    assert seen(1, 2) == (2, 7)
