"""Videos in which nothing is labelled. A label table has a row a gesture: it does not have them."""

from collections.abc import Iterable, Sequence

from training.datasets.dataset import DataSet, Video


def silent_videos(data: DataSet, videos: Iterable[Video]) -> tuple[int, ...]:
    """Numbers of those without any gesture.

    Args:
        data: Where they are.
        videos: With labels.

    Raises:
        UsageError: Labels are damaged.
    """
    return tuple(video.number for video in videos if not data.clips(video.number))


def left_out_line(numbers: Sequence[int], unknown: str) -> str:
    """What to tell of videos that a protocol cannot place.

    Args:
        numbers: Of one video or more.
        unknown: What no label table tells of them.
    """
    named = ", ".join(f"{number:04d}" for number in numbers)
    return f"left out, as nobody makes a gesture there and no table tells {unknown}: {named}"
