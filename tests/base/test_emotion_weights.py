"""Files of fitted emotion weights: what is read, and what is refused with one clear message."""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from engine.emotion_weights import MAX_FITTED_LOG_ODDS, FittedWeights, load_weights
from engine.errors import CalibrationError
from tests.fakes.weights import class_weight, fitted


def written(path: Path, weights: FittedWeights, **changes: Any) -> Path:
    """A file, with some of its keys changed after it was sealed."""
    tree = msgspec.json.decode(msgspec.json.encode(weights))
    path.write_bytes(msgspec.json.encode({**tree, **changes}))
    return path


def test_what_was_written_is_read(tmp_path: Path) -> None:
    weights = fitted({"touch_neck": -0.4, "head_up": 0.2})
    read = load_weights(written(tmp_path / "w.json", weights), allow_synthetic=False)
    assert read == weights
    assert read.log_odds() == {"touch_neck": -0.4, "head_up": 0.2}
    assert read.identity == f"interviews@{weights.checksum[:16]}"


def test_one_gesture_alone_cannot_decide() -> None:
    weights = fitted({"touch_neck": -1.7, "head_up": 3.0}).log_odds()
    assert weights == {"touch_neck": -MAX_FITTED_LOG_ODDS, "head_up": MAX_FITTED_LOG_ODDS}


def test_two_fits_have_two_names() -> None:
    one, other = fitted({"touch_neck": -0.4}), fitted({"touch_neck": -0.41})
    assert one.identity != other.identity


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"kind": "fidget.person"}, "expected kind 'fidget.emotion_weights', got 'fidget.person'"),
        ({"version": 2}, "expected version 1, got 2"),
        ({"videos": 41}, "its checksum does not match"),
        ({"dispersion": "wide"}, "not a file of emotion weights"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_foreign_newer_or_altered_file_is_refused(
    tmp_path: Path, changes: dict[str, Any], told: str
) -> None:
    path = written(tmp_path / "w.json", fitted({"touch_neck": -0.4}), **changes)
    with pytest.raises(CalibrationError, match=r"w\.json: refused: .*training emotion") as raised:
        load_weights(path, allow_synthetic=False)
    assert told in str(raised.value)
    assert raised.value.exit_code == 2


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe", b"[]", b"[" * 5000])
def test_what_is_no_json_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "w.json"
    path.write_bytes(content)
    with pytest.raises(CalibrationError, match="not a file of emotion weights"):
        load_weights(path, allow_synthetic=False)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError, match="cannot be read"):
        load_weights(tmp_path / "none.json", allow_synthetic=False)


def test_a_class_that_nobody_knows_is_refused(tmp_path: Path) -> None:
    weights = fitted({}, classes={"wink": class_weight(0.1)})
    with pytest.raises(CalibrationError, match="unknown classes"):
        load_weights(written(tmp_path / "w.json", weights), allow_synthetic=False)


def test_a_synthetic_fit_is_refused_unless_it_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path / "w.json", fitted({"touch_neck": -0.4}, synthetic=True))
    with pytest.raises(CalibrationError, match=r"simulated people.*allow_synthetic_weights"):
        load_weights(path, allow_synthetic=False)
    assert load_weights(path, allow_synthetic=True).identity.startswith("synthetic interviews@")
