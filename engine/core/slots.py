"""Who is in which slot of a camera, so that no stream of samples spans two people."""


class Slots:
    """Epochs and numbers of people, slot by slot.

    A slot begins an epoch when another person is seen in it than was in it last, and when the
    camera begins one. Somebody who was lost and comes back to their slot goes on in the same epoch,
    also when something that was no person has been there meanwhile.

    Args:
        most: How many slots.
    """

    def __init__(self, most: int) -> None:
        self._epochs = [0] * most
        self._persons = [0] * most
        self._before = 0
        self._highest = 0

    def __len__(self) -> int:
        return len(self._epochs)

    @property
    def epochs(self) -> tuple[int, ...]:
        """Epoch of each slot now."""
        return tuple(self._epochs)

    def restart(self) -> None:
        """The camera begins an epoch: whoever is seen from now on is somebody new."""
        self._epochs = [epoch + 1 for epoch in self._epochs]
        self._persons = [0] * len(self)
        self._before = self._highest

    def take(self, slot: int, person: int, *, seen: bool) -> tuple[int, int]:
        """Somebody, or nobody, is in a slot now.

        Args:
            slot: Which, from 0.
            person: Number since the camera's epoch began; 0 is nobody.
            seen: Whether they are really there: it takes that to enter a slot, not to stay.

        Returns:
            Epoch of the slot, and a number that no earlier person had; 0 for nobody.
        """
        number = person + self._before if person else 0
        if seen and number:
            self._epochs[slot] += self._persons[slot] not in (0, number)
            self._persons[slot] = number
            self._highest = max(self._highest, number)
        is_in = number == self._persons[slot]
        return self._epochs[slot], number if is_in else 0
