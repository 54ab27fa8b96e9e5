from engine.core.slots import Slots


def test_nobody_begins_no_epoch() -> None:
    slots = Slots(2)
    assert [slots.take(0, 0), slots.take(1, 0)] == [(0, 0), (0, 0)]
    assert slots.epochs == (0, 0)


def test_another_person_begins_an_epoch_of_their_slot_alone() -> None:
    slots = Slots(2)
    taken = [slots.take(0, person) for person in (1, 1, 0, 1, 0, 2, 2, 1)]
    assert [epoch for epoch, _ in taken] == [0, 0, 0, 0, 0, 1, 1, 2]
    assert slots.epochs == (2, 0)


def test_two_who_change_slots_begin_an_epoch_each() -> None:
    slots = Slots(2)
    slots.take(0, 1)
    slots.take(1, 2)
    assert (slots.take(0, 2), slots.take(1, 1)) == ((1, 2), (1, 1))


def test_after_a_break_everybody_is_new() -> None:
    """The plugin counts from 1 again; whoever that is, it is none of those before."""
    slots = Slots(2)
    slots.take(0, 1)
    slots.take(1, 4)
    slots.restart()
    assert slots.epochs == (1, 1)
    assert [slots.take(0, 1), slots.take(1, 0)] == [(1, 5), (1, 0)]
    slots.restart()
    assert slots.take(1, 2) == (2, 7)
