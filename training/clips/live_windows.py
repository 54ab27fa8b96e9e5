"""Windows of videos as a model that is served live meets them, with "none" as one more class.

Clips as papers cut them begin and end with a gesture, there is always one, and medians over all of
it tell the size of a person. Live, nobody cuts, only the past is known, and mostly nothing happens.
So here a whole video goes through the engine's own core; what is learned from are windows of what
comes out of it, and some of them show nothing.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from engine.errors import UsageError
from engine.poses import F32
from engine.skeletons import IMIGUE_22
from training.clips.clip_set import ClipSet, person_of
from training.clips.live_form import LiveForm
from training.clips.live_ticks import Stretch, live_stretches, poses_as_samples
from training.datasets.dataset import DataSet
from training.datasets.labelled_clip import LabelledClip
from training.datasets.tidying import tidied
from training.labels import NONE_INDEX

RATE_HZ = 25.0
# So near to the first or last tick of a label nobody can say for sure that nothing happens.
_UNSURE_TICKS = 5

Ticks = npt.NDArray[np.int64]


@dataclass(frozen=True)
class _Named:
    """A tick of a video with its class index, and what to call its window."""

    tick: int
    class_index: int
    name: str


def gather_live(
    data: DataSet,
    videos: Iterable[int],
    form: LiveForm,
    *,
    steps: bool,
    tell: Callable[[str], None] = lambda _: None,
) -> ClipSet:
    """Cut the windows of some videos, one video at a time.

    Args:
        data: Where from.
        videos: Numbers of the videos.
        form: How.
        steps: Whether the model steps. Then a window at the beginning of a stream is as short as
            the stream has been; else zeros come before it.
        tell: Hears what is being read.

    Returns:
        Windows as clips; their labels go up to `NONE_INDEX`. A window is left out if the tick that
        names it has no pose, or the stream ends before its last.

    Raises:
        UsageError: A video is damaged, or there is no window with a pose.
    """
    known = {video.number: video for video in data.videos}
    windows: list[F32] = []
    named: list[tuple[_Named, str]] = []
    left_out: list[str] = []
    for number in videos:
        tell(f"reading video {number:04d}")
        for one, window in _windows(data, number, form):
            person = person_of(known[number])
            if window is not None:
                windows.append(window if steps else _led_in(window, form.window))
                named.append((one, person))
            elif one.class_index != NONE_INDEX:
                left_out.append(person)
    if not windows:
        raise UsageError(f"{data.name}: no window with a pose in the chosen videos")
    clips = np.zeros((len(windows), form.window, len(IMIGUE_22), 3), np.float32)
    for row, window in zip(clips, windows, strict=True):
        row[: len(window)] = window
    return ClipSet(
        clips=clips,
        lengths=np.array([len(window) for window in windows], np.int64),
        labels=np.array([one.class_index for one, _ in named], np.int64),
        subjects=tuple(person for _, person in named),
        names=tuple(one.name for one, _ in named),
        left_out=tuple(left_out),
    )


def _windows(data: DataSet, number: int, form: LiveForm) -> Iterator[tuple[_Named, F32 | None]]:
    """Named ticks of a video, and the window of each, see `_window`."""
    poses = data.poses(number)
    clips = tidied(data.clips(number), poses.frames).clips
    stretches = list(live_stretches(poses_as_samples(poses, data.rate_hz)))
    for one in _named(clips, stretches, number, form, RATE_HZ / data.rate_hz):
        yield one, _window(stretches, one.tick + form.delay, one.tick, form.window)


def _named(
    clips: tuple[LabelledClip, ...],
    stretches: list[Stretch],
    number: int,
    form: LiveForm,
    ticks_per_frame: float,
) -> Iterator[_Named]:
    places = (np.arange(form.per_gesture) + 0.5) / form.per_gesture
    busy: list[tuple[float, float]] = []
    for clip in clips:
        start, end = clip.start_frame * ticks_per_frame, (clip.end_frame + 1) * ticks_per_frame
        busy.append((start - _UNSURE_TICKS, end + _UNSURE_TICKS))
        for k, tick in enumerate((start + places * (end - start)).astype(np.int64).tolist()):
            yield _Named(tick, clip.class_index, f"{clip.sample_id}_{k}")
    free = _free(stretches, busy, form.delay)
    wanted = min(round(form.background * len(clips) * form.per_gesture), len(free))
    at = ((np.arange(wanted) + 0.5) / max(wanted, 1) * len(free)).astype(np.int64)
    for k, tick in enumerate(free[at].tolist()):
        yield _Named(tick, NONE_INDEX, f"{number:04d}_none_{k}")


def _free(stretches: list[Stretch], busy: list[tuple[float, float]], delay: int) -> Ticks:
    """Ticks with a pose, without a label, and with so many ticks after them."""
    free: Ticks = np.zeros(0, np.int64)
    for stretch in stretches:
        posed = stretch.ticks[: max(0, len(stretch.ticks) - delay)].any(axis=(1, 2))
        free = np.append(free, _first(stretch) + np.flatnonzero(posed))
    for start, end in busy:
        free = free[(free < start) | (free >= end)]
    return free


def _window(stretches: list[Stretch], last: int, named: int, window: int) -> F32 | None:
    """Ticks up to the last, of the stretch of the named one; None without such, or in a gap."""
    for stretch in stretches:
        first = _first(stretch)
        if first <= named and last < first + len(stretch.ticks):
            if not stretch.ticks[named - first].any():
                return None
            end = last + 1 - first
            return stretch.ticks[max(0, end - window) : end]
    return None


def _first(stretch: Stretch) -> int:
    return round(stretch.start_s * RATE_HZ)


def _led_in(window: F32, ticks: int) -> F32:
    """As a ring of zeros is filled."""
    return np.concatenate((np.zeros((ticks - len(window), *window.shape[1:]), np.float32), window))
