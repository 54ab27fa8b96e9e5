"""The fit finds what was put in, and its material is read as it should be."""

from dataclasses import replace as with_field
from pathlib import Path

import numpy as np
import pytest
from msgspec.structs import replace

from engine.errors import UsageError
from tests.fakes.samples import upright
from tests.training.simulator.scenes import ASPECT, still, with_contact
from training.fit_files import read_fit, write_fit
from training.simulator.landmarks import groups
from training.simulator.landmarks.fit import HalfFit, fit_half, guesses, summary
from training.simulator.landmarks.material import Material, half_of, material, read_contacts
from training.simulator.landmarks.observe import observe
from training.simulator.landmarks.params import FITTED, Fitted, Half, NoiseParams
from training.simulator.landmarks.picture import draw
from training.simulator.landmarks.recorded import (
    RecordedPose,
    from_samples,
    load_recorded,
    save_recorded,
    videos,
)
from training.simulator.landmarks.start import START
from training.simulator.landmarks.truth import ContactInterval
from training.simulator.landmarks.updates import updated

FPS = 25.0
FRAMES = 250
CONTACT = (50, 150)


def recordings(noise: NoiseParams, count: int, seed: int = 5) -> list[Material]:
    """Recordings of a person with a hand at the chin from 2 to 6 s, as `noise` sees them."""
    view = with_contact(still(count, FRAMES, FPS), *CONTACT)
    seen = observe(view, noise, np.random.default_rng(seed))
    contacts = (ContactInterval(CONTACT[0] / FPS, CONTACT[1] / FPS, "yes"),)
    height_px = 300
    return [
        Material(
            RecordedPose(
                f"made_{n}",
                view.t_s[n],
                seen.joints[n],
                seen.depth[n],
                seen.valid[n],
                round(ASPECT * height_px),
                height_px,
            ),
            contacts,
            "train",
        )
        for n in range(count)
    ]


@pytest.fixture(scope="module")
def known() -> NoiseParams:
    body = replace(
        START.body, jitter=(0.004, 0.005, 0.009, 0.012, 0.012), jitter_tau_s=0.08, lag_s=0.0
    )
    presence = replace(START.presence, burst=0.0, lost_per_s=(20.0, 10.0, 0.5, 0.8, 0.3, 0.5, 2.0))
    arm = list(START.visibility.arm)
    arm[groups.CONTACT] = 1.0
    visibility = replace(START.visibility, arm=tuple(arm))
    depth = replace(START.depth, gain=2.5)
    return replace(
        START, body=body, presence=presence, visibility=visibility, depth=depth, population=0.1
    )


@pytest.fixture(scope="module")
def found(known: NoiseParams) -> HalfFit:
    start = replace(START, presence=replace(START.presence, burst=0.0), population=0.1)
    return fit_half(recordings(known, 6), start=start, rounds=3)


def test_fit_finds_the_jitter(known: NoiseParams, found: HalfFit) -> None:
    for group in (groups.FACE, groups.SHOULDER, groups.ELBOW):
        put_in = known.body.jitter[group]
        assert found.params.body.jitter[group] == pytest.approx(put_in, rel=0.35)
    assert found.params.body.jitter_tau_s == pytest.approx(known.body.jitter_tau_s, rel=0.4)


def test_fit_finds_how_often_hands_are_seen(found: HalfFit) -> None:
    for context in ("contact", "low"):
        put_in, came_out = (s[f"found/{context}"].mean() for s in (found.real, found.simulated))
        assert came_out == pytest.approx(put_in, abs=0.08)


def test_fit_finds_confidence_and_depth(known: NoiseParams, found: HalfFit) -> None:
    fitted = found.params
    assert fitted.visibility.arm[groups.CONTACT] == pytest.approx(1.0, abs=0.5)
    assert fitted.depth.gain == pytest.approx(known.depth.gain, rel=0.1)


def test_fit_matches_the_two_wrists(found: HalfFit) -> None:
    for key in ("wrist_gap/low", "wrist_change/0.2", "wrist_change/0.8", "hand_jitter"):
        real, simulated = (float(np.median(s[key])) for s in (found.real, found.simulated))
        assert simulated == pytest.approx(real, rel=0.3), key


def test_fit_is_deterministic(known: NoiseParams) -> None:
    made = recordings(known, 1)
    first, again = (fit_half(made, rounds=1).params for _ in range(2))
    assert first == again


def test_fit_refuses_clips_of_nobody(known: NoiseParams) -> None:
    one = recordings(known, 1)[0]
    nobody = with_field(one.pose, valid=np.zeros(FRAMES, np.bool_))
    with pytest.raises(UsageError, match="nobody"):
        guesses([with_field(one, pose=nobody)], START.depth)


def test_fit_is_kept_and_drawn(found: HalfFit, tmp_path: Path) -> None:
    halves: dict[Half, HalfFit] = {"train": found, "test": found}
    write_fit(tmp_path / "fit.json", summary(halves))
    assert read_fit(tmp_path / "fit.json", Fitted).train == found.params
    assert NoiseParams.fitted("test", tmp_path / "fit.json") == found.params
    draw(halves, tmp_path / "fit.png")
    assert (tmp_path / "fit.png").stat().st_size > 10_000


def test_recordings_are_kept(tmp_path: Path) -> None:
    made = from_samples("a.mp4", [upright(0.0), upright(0.5, seq=1)])
    save_recorded(tmp_path / "cache" / "a.npz", made)
    again = load_recorded(tmp_path / "cache" / "a.npz")
    assert again is not None
    assert (again.name, again.width_px, again.height_px) == ("a.mp4", 640, 480)
    for field in ("times_s", "joints", "depth", "valid"):
        np.testing.assert_array_equal(getattr(again, field), getattr(made, field))
    np.testing.assert_allclose(again.xy[0, 0], (0.5 * 640 / 480, 0.3), rtol=1e-6)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 cut short"])
def test_damaged_recordings_count_as_missing(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "a.npz").write_bytes(content)
    assert load_recorded(tmp_path / "a.npz") is None


def test_nothing_to_record_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no frames"):
        from_samples("a.mp4", [])
    with pytest.raises(UsageError, match="holds no clips"):
        videos(tmp_path)


@pytest.mark.parametrize("text", [None, "[]", '{"train": 1}'])
def test_a_file_that_is_no_fit_is_refused(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "fit.json").write_text(text)
    with pytest.raises(UsageError, match="not a fit"):
        read_fit(tmp_path / "fit.json", Fitted)


def test_annotations_that_say_something_else_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "annotations.csv"
    path.write_text("file,start_s,end_s,label,hand_contact\na.mp4,x,1.0,touch,yes\n")
    with pytest.raises(UsageError, match="cannot be read"):
        read_contacts(path)


def test_shipped_halves_share_no_recording() -> None:
    shipped = read_fit(FITTED, Fitted)
    assert not set(shipped.train_clips) & set(shipped.test_clips)
    assert all(half_of(name) == "test" for name in shipped.test_clips)
    assert shipped.train != shipped.test


@pytest.mark.parametrize("half", ["train", "test"])
def test_shipped_errors_are_smaller_than_people(half: Half) -> None:
    noise = NoiseParams.fitted(half)
    lengths = [
        *(noise.body.jitter, noise.body.bias, noise.body.constant, noise.body.guess),
        *(noise.body.guess_kept, noise.hand.offset, noise.hand.finger),
    ]
    assert max(map(max, lengths)) < 0.5
    assert max(noise.hand.jitter, noise.hand.scale, noise.hand.rotation) < 0.2


def test_a_quantity_that_does_not_answer_does_not_run_away() -> None:
    real, simulated = ({"finger/low": np.full(50, size)} for size in (1.0, 1e-3))
    params = START
    for _ in range(20):
        params = updated(params, real, simulated)
    assert params.hand.finger[groups.LOW] < 5 * START.hand.finger[groups.LOW]


@pytest.mark.clips
def test_material_of_the_clips(clips: Path) -> None:
    found = material(clips, [])
    assert {recording.half for recording in found} == {"train", "test"}
    assert guesses(found, START.depth)
    annotated = read_contacts(clips / "annotations.csv")
    assert annotated["intel_asl_eat.mkv"] == (ContactInterval(0.57, 1.0, "yes"),)
