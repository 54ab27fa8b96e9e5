"""What a classifier may begin from."""

from pathlib import Path

import msgspec
import pytest

from engine.errors import ConfigError
from tests.training.datasets.recorded import moving, recorded
from training.clips.recipe import ClipRecipe
from training.clips.run_config import ClipRunConfig, completed
from training.pretraining.beginning import Beginning
from training.pretraining.config import PretrainConfig
from training.pretraining.config import completed as pretrained
from training.pretraining.run import pretrain
from training.pretraining.run_folder import EncoderFolder
from training.pretraining.sources import find_sources
from training.runs.weights import weights_digest
from training.synthetic.release import synthesize


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("synthetic") / "data"
    list(synthesize(folder, 12, 10.0))
    return folder


def beginning(path: Path, *learned_from: Path, everybody: bool = False) -> Beginning:
    config = PretrainConfig(
        sizes={"hidden": 4, "latent": 2}, stride_s=4.0, threads=1,
        recipe=ClipRecipe(epochs=1, batch=64),
    )  # fmt: skip
    sources = find_sources(learned_from, everybody=everybody).chosen
    pretrain(EncoderFolder(path), pretrained(config), sources)
    return Beginning.read(path)


def of(data: Path) -> ClipRunConfig:
    return ClipRunConfig(model="us-vae-causal", data=str(data))


def test_a_run_gets_the_sizes_and_the_digest(data: Path, tmp_path: Path) -> None:
    begin = beginning(tmp_path, data)
    config = completed(begin.begun(of(data)))
    assert (config.sizes["hidden"], config.sizes["latent"]) == (4, 2)
    assert config.encoder_digest == weights_digest(begin.encoder.state_dict())
    with pytest.raises(ConfigError, match="is us-vae-causal, not lstm"):
        begin.begun(ClipRunConfig(model="lstm"))


def test_one_that_has_seen_people_of_the_test_is_refused(data: Path, tmp_path: Path) -> None:
    assert beginning(tmp_path / "fair", data).checked(of(data)) == ""
    leaking = beginning(tmp_path / "leaking", data, everybody=True)
    for protocol in ("cross-subject", "miga"):
        config = msgspec.structs.replace(of(data), protocol=protocol)
        with pytest.raises(ConfigError, match=rf"in (\d) of the \1 videos that '{protocol}'"):
            leaking.checked(config)


def test_what_cannot_be_known_is_told(data: Path, tmp_path: Path) -> None:
    path = recorded(tmp_path / "a.mcap", moving(3.0, 25.0))
    begin = beginning(tmp_path / "run", data, path)
    assert "learned from 1 recordings too" in begin.checked(of(data))
    folder = EncoderFolder(tmp_path / "run")
    folder.write_data(msgspec.structs.replace(folder.data(), seen=None))
    assert "cannot be known" in Beginning.read(folder.path).checked(of(data))
    told = msgspec.json.decode(folder.data_file.read_bytes())
    del told["seen"]  # as encoders were written before
    folder.data_file.write_bytes(msgspec.json.encode(told))
    assert "nobody wrote down" in Beginning.read(folder.path).checked(of(data))
