"""One labelled gesture of a video."""

from dataclasses import dataclass

from training.labels import class_index


@dataclass(frozen=True)
class LabelledClip:
    """A stretch of a video that an annotator gave one iMiGUE class.

    Attributes:
        video: Number of the video.
        number: Its line in the label file of the video, from 0, headers not counted.
        label_id: Raw iMiGUE id, 1..31, or 99 for illustrative.
        start_frame: First frame, from 0.
        end_frame: Last frame, inclusive.
    """

    video: int
    number: int
    label_id: int
    start_frame: int
    end_frame: int

    @property
    def sample_id(self) -> str:
        """What lists and submissions call it, such as `0004_0`."""
        return f"{self.video:04d}_{self.number}"

    @property
    def frames(self) -> int:
        """How many frames it has."""
        return self.end_frame - self.start_frame + 1

    @property
    def class_index(self) -> int:
        """Class of the networks: 0..30, and 31 for illustrative, whose raw id is 99."""
        return class_index(self.label_id)

    @property
    def frame_slice(self) -> slice:
        """Its frames in arrays of the video: the end is exclusive here."""
        return slice(self.start_frame, self.end_frame + 1)
