import os
import stat
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.saving import save
from engine.calibration_file import checksum_of
from engine.errors import CalibrationError
from engine.labels import LABELS
from engine.person import (
    PERSON_FILE,
    PersonCalibration,
    Resting,
    check_recognizer,
    load_person,
)

NOW_NS = 1_700_000_000_000_000_000
DAY_NS = 86_400_000_000_000


def calibration(**changes: Any) -> PersonCalibration:
    fields: dict[str, Any] = {
        "kind": PERSON_FILE.kind,
        "version": PERSON_FILE.version,
        "created_wall_ns": NOW_NS,
        "skeleton": "holistic75",
        "recognizer": "geometric@abc",
        "observed_s": 30.0,
        "resting": Resting(
            shoulder_per_ear_width=2.5,
            head_height=0.6,
            head_pitch=-0.1,
            shoulder_width_ratio=0.4,
        ),
        "rates_per_min": {"touch_face": 0.5, "fold_arms": 0.0},
        **changes,
    }
    bare = PersonCalibration(**fields)
    return msgspec.structs.replace(bare, checksum=checksum_of(bare))


def load(path: Path, **changes: Any) -> PersonCalibration:
    options: dict[str, Any] = {"now_wall_ns": NOW_NS, "max_age_days": 90.0, **changes}
    return load_person(path, **{"skeleton": "holistic75", **options})


def rewritten(path: Path, **changes: Any) -> Path:
    tree = msgspec.json.decode(path.read_bytes())
    path.write_bytes(msgspec.json.encode({**tree, **changes}))
    return path


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "person.json"
    save(path, calibration())
    return path


def test_what_is_saved_is_loaded(saved: Path) -> None:
    assert load(saved) == calibration()


ratios = st.floats(0, 20, exclude_min=True)


@given(
    resting=st.builds(
        Resting,
        shoulder_per_ear_width=ratios,
        head_height=st.floats(-20, 20),
        head_pitch=st.floats(-20, 20),
        shoulder_width_ratio=ratios,
    ),
    rates=st.dictionaries(st.sampled_from([label.slug for label in LABELS]), st.floats(0, 1000)),
    observed_s=st.floats(20, 3600),
)
def test_every_allowed_calibration_survives_the_file(
    tmp_path_factory: pytest.TempPathFactory,
    resting: Resting,
    rates: dict[str, float],
    observed_s: float,
) -> None:
    path = tmp_path_factory.mktemp("person") / "person.json"
    made = calibration(resting=resting, rates_per_min=rates, observed_s=observed_s)
    save(path, made)
    assert load(path) == made


def test_truncated_at_any_byte_it_is_refused(saved: Path) -> None:
    data = saved.read_bytes()
    for length in range(len(data)):
        saved.write_bytes(data[:length])
        with pytest.raises(CalibrationError, match="refused: not a person calibration"):
            load(saved)


def test_any_byte_altered_it_is_refused_or_means_the_same(saved: Path) -> None:
    data = saved.read_bytes()
    for index in range(len(data)):
        for flip in (0x01, 0x80):
            changed = bytearray(data)
            changed[index] ^= flip
            saved.write_bytes(bytes(changed))
            try:
                assert load(saved) == calibration()
            except CalibrationError as error:
                assert "refused" in str(error)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("person") / "person.json"
    path.write_bytes(data)
    with pytest.raises(CalibrationError, match="refused"):
        load(path)


@pytest.mark.parametrize(
    "text",
    ["{}", "[]", "null", '{"kind": 1, "version": 1}', '{"a":' * 100_000, '{"version": "one"}'],
)
def test_foreign_json_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "other.json"
    path.write_text(text)
    with pytest.raises(CalibrationError, match="not a person calibration"):
        load(path)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": "fidget.camera"}, "expected kind 'fidget.person', got 'fidget.camera'"),
        ({"version": 2}, "expected version 1, got 2"),
        ({"version": 2, "gait": [1, 2]}, "expected version 1, got 2"),
        ({"name": "somebody"}, "unknown field `name`"),
        ({"observed_s": 31.0}, "checksum does not match"),
        ({"observed_s": -1.0}, "observed_s"),
        ({"checksum": ""}, "checksum does not match"),
        ({"rates_per_min": {"touch_face": 5.0}}, "checksum does not match"),
        ({"rates_per_min": {"touch_face": -5.0}}, "rates_per_min"),
        ({"rates_per_min": {"touch_face": 1e300}}, "rates_per_min"),
    ],
)
def test_a_changed_file_is_refused_with_the_reason(
    saved: Path, changes: dict[str, Any], why: str
) -> None:
    with pytest.raises(CalibrationError) as caught:
        load(rewritten(saved, **changes))
    assert why in str(caught.value)
    assert str(saved) in str(caught.value)
    assert "calibrate person" in str(caught.value)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"created_wall_ns": NOW_NS - 91 * DAY_NS}, "91 days old, allowed are 90"),
        ({"created_wall_ns": NOW_NS + 2 * DAY_NS}, "dated in the future"),
        ({"skeleton": "body25"}, "made for skeleton 'body25', in use is 'holistic75'"),
        ({"rates_per_min": {"moonwalk": 1.0}}, r"unknown classes ['moonwalk']"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_the_reason(
    tmp_path: Path, changes: dict[str, Any], why: str
) -> None:
    path = tmp_path / "person.json"
    save(path, calibration(**changes))
    with pytest.raises(CalibrationError) as caught:
        load(path)
    assert why in str(caught.value)


def test_a_clock_that_differs_by_hours_is_forgiven(tmp_path: Path) -> None:
    path = tmp_path / "person.json"
    save(path, calibration(created_wall_ns=NOW_NS + DAY_NS // 2))
    assert load(path).created_wall_ns > NOW_NS


def test_rates_of_another_recogniser_are_refused(saved: Path) -> None:
    check_recognizer(saved, load(saved), "geometric@abc")
    with pytest.raises(CalibrationError, match=r"'geometric@abc', in use is 'graph@def'"):
        check_recognizer(saved, load(saved), "graph@def")


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.json", tmp_path):
        with pytest.raises(CalibrationError, match="cannot be read"):
            load(path)


def test_a_file_one_may_not_read_is_named(saved: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", denied)
    with pytest.raises(CalibrationError, match="cannot be read: Permission denied"):
        load(saved)


def test_a_folder_that_does_not_exist_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError, match=r"cannot be written: .*Name a file"):
        save(tmp_path / "absent" / "person.json", calibration())


def test_a_full_disk_leaves_the_old_file_and_no_rubbish(
    saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CalibrationError, match="No space left"):
        save(saved, calibration(observed_s=99.0))
    assert saved.read_bytes() == before
    assert list(saved.parent.iterdir()) == [saved]


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_only_the_owner_may_read_it(saved: Path) -> None:
    assert stat.S_IMODE(saved.stat().st_mode) == 0o600


def test_the_file_holds_nothing_but_what_the_documentation_lists(saved: Path) -> None:
    tree = msgspec.json.decode(saved.read_bytes())
    assert set(tree) == {
        *("kind", "version", "created_wall_ns", "skeleton", "recognizer", "observed_s"),
        *("resting", "rates_per_min", "checksum"),
    }
    assert set(tree["resting"]) == {
        *("shoulder_per_ear_width", "head_height", "head_pitch", "shoulder_width_ratio"),
    }
