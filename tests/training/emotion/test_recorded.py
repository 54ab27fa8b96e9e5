"""Gestures of recordings and of `analyze` as sequences; what could not be seen is not absent."""

from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from msgspec.structs import replace

import run_stream
from engine.emotion_weights import load_weights
from engine.errors import UsageError
from engine.labels import LABELS
from engine.messages import GestureEvent
from engine.wire.recording_writer import RecordingWriter
from tests.fakes.samples import nobody, upright
from tests.wire import samples
from training.__main__ import main
from training.emotion import models as models_module
from training.emotion.models import CONSTANT, models
from training.emotion.outcomes import Outcome
from training.emotion.recorded import recorded
from training.emotion.watched import watch
from training.emotion.weights_of_evidence import NAME
from training.labels import CLASS_NAMES

NECK, JAW, LIPS = (CLASS_NAMES.index(slug) for slug in ("touch_neck", "touch_jaw", "press_lips"))
COVERED = tuple(label.slug for label in LABELS if label.slug != "press_lips")


def gesture(slug: str, number: int, state: str, start_s: float, end_s: float) -> GestureEvent:
    return replace(
        samples.gesture(state, id_=f"main-0-{number}", t_start_ns=round(start_s * 1e9)),
        label=slug,
        t_end_ns=round(end_s * 1e9) if state == "end" else None,
        score=0.5 if state == "end" else 0.9,
    )


def write(path: Path, *, session: bool = True) -> Path:
    """Twenty seconds: nobody in the third five; no neck in view in the first four."""
    writer, encoder = RecordingWriter(path, samples.header()), samples.encoder()
    for k in range(501):
        t_s = k / 25
        sample = nobody(t_s, seq=k) if 10.0 <= t_s < 15.0 else upright(t_s, seq=k)
        writer.write_pose(sample, sample.capture_ns)
    if session:
        told = replace(samples.session(), covered=COVERED, not_covered=("press_lips",))
        writer.write_message(samples.wire(encoder, "session", told), 0)
    for second in range(21):
        abstained = ("touch_neck",) if 1 <= second <= 4 else ()
        health = replace(samples.health(abstained), monotonic_ns=second * 10**9)
        writer.write_message(samples.wire(encoder, "health", health), 0)
    for number, slug, start_s, end_s in (
        (0, "touch_jaw", 6.0, 7.0),
        (1, "touch_neck", 5.5, 8.0),
        (2, "touch_neck", 19.0, None),
    ):
        start = gesture(slug, number, "start", start_s, 0.0)
        writer.write_message(samples.wire(encoder, "gesture_start", start), 0)
        if end_s is not None:
            end = gesture(slug, number, "end", start_s, end_s)
            writer.write_message(samples.wire(encoder, "gesture_end", end), 0)
    writer.finish({})
    return path


def test_a_recording_becomes_a_sequence_of_what_was_and_could_be_seen(tmp_path: Path) -> None:
    write(tmp_path / "a.mcap")
    told = recorded(tmp_path, [Outcome("a.mcap", True, "ann")])
    (one,) = told.sequences
    assert (one.name, one.subject, one.positive) == ("a.mcap", "ann", True)
    assert one.classes.tolist() == [NECK, JAW, NECK]
    assert one.start_s.tolist() == pytest.approx([5.5, 6.0, 19.0])
    assert one.end_s.tolist() == pytest.approx([8.0, 7.0, 19.0])
    assert one.scores.tolist() == pytest.approx([0.5, 0.5, 0.9])
    # Ten seconds, a frame until nobody is there, and five seconds.
    assert one.seen_s == pytest.approx(15.0)
    assert one.hidden_s == {NECK: pytest.approx(4.0), LIPS: pytest.approx(15.0)}
    assert (told.recognizers, told.others) == (("geometric@0123abcd",), 0)


def test_what_the_recogniser_covers_must_be_recorded(tmp_path: Path) -> None:
    write(tmp_path / "a.mcap", session=False)
    with pytest.raises(UsageError, match="cut off before it tells which classes"):
        watch(tmp_path, "a.mcap")


def test_an_unknown_stream_is_told(tmp_path: Path) -> None:
    write(tmp_path / "a.mcap")
    with pytest.raises(UsageError, match="expected one of its streams main, got 'desk'"):
        watch(tmp_path, "a.mcap", "desk")


def test_files_of_analyze_are_read_as_they_are_written(tmp_path: Path) -> None:
    write(tmp_path / "a.mcap")
    words = ["analyze", str(tmp_path / "a.mcap"), "--out", str(tmp_path / "out")]
    assert run_stream.main(words) == 0
    told = watch(tmp_path / "out", "a.mcap")
    assert watch(tmp_path / "out", "a.mcap.events.jsonl") == told
    assert told.recognizer.startswith("graph@")
    assert told.seen_s == pytest.approx(15.0, abs=0.1)
    assert "touch_neck" in told.covered
    # There are no arms in these poses: of what hands do nothing can be said.
    assert told.abstained_s["touch_neck"] > 10.0


def analysed(folder: Path, name: str, events: list[dict[str, Any]], **summary: Any) -> None:
    """Files as `analyze` writes them."""
    fields = {
        "frames": 1000,
        "frames_with_pose": 900,
        "media_duration_s": 600.0,
        "abstained_s": {},
        "covered": COVERED,
        "recognizer": "graph",
        "model_hash": "abc",
        **summary,
    }
    lines = [msgspec.json.encode(event).decode() for event in events]
    (folder / f"{name}.events.jsonl").write_text("\n".join(lines))
    (folder / f"{name}.summary.json").write_bytes(msgspec.json.encode(fields))


def event(slug: str, start_s: float) -> dict[str, Any]:
    return {
        "id": "main-0-1",
        "label": slug,
        "t_start_s": start_s,
        "t_end_s": start_s + 1.0,
        "score": 0.8,
    }


def test_classes_of_ones_own_are_left_out_and_counted(tmp_path: Path) -> None:
    analysed(tmp_path, "a", [event("pen_click", 3.0), event("touch_jaw", 1.0)])
    told = recorded(tmp_path, [Outcome("a", False, "ann")])
    assert told.others == 1
    assert told.sequences[0].classes.tolist() == [JAW]
    assert told.sequences[0].seen_s == pytest.approx(540.0)


def test_a_file_of_events_without_its_summary_is_refused(tmp_path: Path) -> None:
    analysed(tmp_path, "a", [])
    (tmp_path / "a.summary.json").unlink()
    with pytest.raises(UsageError, match=r"no a\.summary\.json beside it"):
        watch(tmp_path, "a")


@pytest.mark.parametrize("file", ["a.events.jsonl", "a.summary.json"])
def test_what_analyze_did_not_write_is_refused(tmp_path: Path, file: str) -> None:
    analysed(tmp_path, "a", [])
    (tmp_path / file).write_text('{"frames": "many"}')
    with pytest.raises(UsageError, match="not what `analyze` writes"):
        watch(tmp_path, "a")


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"expected a\.mcap or a\.mcap\.events\.jsonl"):
        watch(tmp_path, "a.mcap")


def test_a_recording_of_nobody_is_refused(tmp_path: Path) -> None:
    analysed(tmp_path, "a", [], frames_with_pose=0)
    with pytest.raises(UsageError, match="nobody was in view"):
        recorded(tmp_path, [Outcome("a", True, "ann")])


@pytest.mark.parametrize(
    "summary",
    [
        {"covered": ("pen_click",)},
        {"abstained_s": dict.fromkeys(COVERED, 600.0)},
    ],
)
def test_a_recording_in_which_no_class_could_be_found_is_refused(
    tmp_path: Path, summary: dict[str, Any]
) -> None:
    analysed(tmp_path, "a", [event("pen_click", 3.0)], **summary)
    with pytest.raises(UsageError, match="a: graph@abc could not have found any gesture"):
        recorded(tmp_path, [Outcome("a", True, "ann")])


def interviews(folder: Path, people: int) -> Path:
    """Two recordings a person; in positive ones necks are touched thrice as often."""
    rng = np.random.default_rng(3)
    lines = ["recording,outcome,subject"]
    for n in range(2 * people):
        positive = n % 2 == 0
        starts = np.sort(rng.uniform(0, 590, rng.poisson(18 if positive else 6)))
        analysed(folder, f"r{n}", [event("touch_neck", float(start)) for start in starts])
        lines.append(f"r{n},{'positive' if positive else 'negative'},p{n // 2}")
    path = folder / "outcomes.csv"
    path.write_text("\n".join(lines))
    return path


@pytest.fixture
def _two_models(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fifty networks are for people who have time."""
    quick = {name: models()[name] for name in (CONSTANT, NAME)}
    monkeypatch.setattr(models_module, "models", lambda: quick)


@pytest.mark.usefixtures("_two_models")
def test_the_command_judges_on_people_left_out_and_writes_weights(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes, out = interviews(tmp_path, 12), tmp_path / "weights.json"
    words = ["emotion", "--events", str(tmp_path), "--outcomes", str(outcomes), "--out", str(out)]
    assert main(words) == 0
    weights = load_weights(out, allow_synthetic=False)
    assert weights.gestures == "graph@abc"
    assert (weights.videos, weights.people) == (24, 12)
    assert weights.classes["touch_neck"].weight == pytest.approx(np.log(3.0), abs=0.4)
    assert weights.classes["touch_neck"].positive_min == pytest.approx(12 * 9.0)
    assert weights.held_out is not None
    assert weights.held_out.how == "people left out in turn, in 5 parts"
    assert weights.held_out.auc.value is not None
    assert weights.held_out.auc.value > 0.9
    told = capsys.readouterr()
    assert "wrote" in told.err
    assert "log loss" in told.out
    assert "published" not in told.out


@pytest.mark.usefixtures("_two_models")
def test_too_few_people_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = interviews(tmp_path, 1)
    assert main(["emotion", "--events", str(tmp_path), "--outcomes", str(outcomes)]) == 2
    assert "2 recordings of 1 people" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "either --data, or --events"),
        (["--data", "x", "--events", "y"], "either --data, or --events"),
        (["--events", "y"], "--events and --outcomes together"),
        (["--data", "x", "--outcomes", "y"], "--events and --outcomes together"),
        (["--events", "y", "--outcomes", "z", "--disjoint"], "not about recordings"),
        (["--events", "y", "--outcomes", "z", "--end-to-end", "lstm"], "not about recordings"),
        (["--data", "x", "--end-to-end", "us-vae"], "expected a model that names clips"),
        (["--data", "x", "--epochs", "0"], "expected 1 or more"),
        (["--data", "x", "--epochs", "5"], "of the model that --end-to-end names"),
        (["--data", "x", "--windows", "2"], "of the model that --end-to-end names"),
    ],
)
def test_arguments_that_do_not_belong_together_are_refused(
    words: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["emotion", *words]) == 2
    assert told in capsys.readouterr().err
