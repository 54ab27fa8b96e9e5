from engine.labels import LABELS
from training.datasets import published


def test_the_lists_have_the_published_lengths() -> None:
    assert len(published.TRAIN_SUBJECTS) == 37
    assert len(published.TEST_SUBJECTS) == 35
    assert set(range(1, 73)) == published.TRAIN_SUBJECTS | published.TEST_SUBJECTS
    assert len(published.EMOTION_TRAIN) == 102
    assert len(published.EMOTION_TEST) == 100
    assert not published.EMOTION_TRAIN & published.EMOTION_TEST


def test_the_counts_add_up() -> None:
    assert published.TRAIN_CLIPS + published.TEST_CLIPS == published.CLIPS
    assert published.WINS + published.LOSSES == published.VIDEOS
    challenge = published.MIGA_TRAIN_VIDEOS + len(published.MIGA_TEST) + len(published.BROKEN)
    assert challenge == published.VIDEOS
    assert sum(label.train_count for label in LABELS) == published.MIGA_TRAIN_CLIPS


def test_the_leak_from_recognition_to_emotion_is_as_large_as_told() -> None:
    assert len(published.EMOTION_TEST - published.MIGA_TEST) == 67
    assert len(published.EMOTION_TRAIN & published.MIGA_TEST) == 38
    assert not published.MIGA_TEST & published.MIGA_VALIDATION
