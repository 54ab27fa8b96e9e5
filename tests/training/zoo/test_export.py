"""A file says what the model says."""

from pathlib import Path

import numpy as np
import onnxruntime as ort
import pytest
import torch

from engine.errors import UsageError
from tests.training.zoo.clips import TICKS, random_clips, settled_model
from training.zoo.clip_model import ClipEncoder
from training.zoo.export import INPUTS, export_clip_model
from training.zoo.zoo import ZOO


@pytest.mark.parametrize("name", ZOO)
def test_the_file_says_what_the_model_says(name: str, tmp_path: Path) -> None:
    model = settled_model(name)
    path = tmp_path / "made" / "model.onnx"
    export_clip_model(model, path, count=2, ticks=TICKS)
    assert b".py" not in path.read_bytes()
    session = ort.InferenceSession(path)
    clips, lengths = random_clips(2, seed=3), torch.tensor([TICKS, 11])
    served = session.run(None, dict(zip(INPUTS, (clips.numpy(), lengths.numpy()), strict=True)))
    said = model(clips, lengths)
    expected = tuple(said) if isinstance(model, ClipEncoder) else (said,)
    for given, tensor in zip(served, expected, strict=True):
        np.testing.assert_allclose(given, tensor.numpy(), atol=1e-4)


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    with pytest.raises(UsageError, match="taken"):
        export_clip_model(settled_model("lstm"), tmp_path / "taken" / "m.onnx", count=1, ticks=4)
