from pathlib import Path

import pytest

from engine.config_settings import parsed_changes
from engine.errors import ConfigError
from plugins.recognizers.graph.relations import CHANNELS
from training.fitting.ablation import VARIANTS, table
from training.fitting.config import TrainConfig
from training.runs.config_file import overridden, read_config, write_config


def test_a_configuration_comes_back_as_it_was(tmp_path: Path) -> None:
    config = overridden(TrainConfig(), {"optim.lr": 1e-4, "network.lags": [1, 3]})
    write_config(tmp_path / "config.json", config)
    assert read_config(tmp_path / "config.json", TrainConfig) == config


def test_words_of_the_command_line_become_values() -> None:
    changes = parsed_changes(["optim.lr=0.01", "device=cpu", "network.causal=false"])
    assert changes == {"optim.lr": 0.01, "device": "cpu", "network.causal": False}
    assert overridden(TrainConfig(), changes).network.causal is False


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"optim.speed": 1}, "optim.speed: there is no such key; expected one of clip, ema"),
        ({"lr": 1}, "expected one of augment"),
        ({"augment.noise": "much"}, r"Expected `float`"),
        ({"augment.mirror": 1.5}, r"<= 1"),
        ({"data": 3}, "data"),
    ],
)
def test_a_change_that_does_not_fit_is_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        overridden(TrainConfig(), changes)


def test_an_unknown_key_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"sed": 1}')
    with pytest.raises(ConfigError, match="sed"):
        read_config(tmp_path / "config.json", TrainConfig)


@pytest.mark.parametrize("name", VARIANTS)
def test_every_variant_fits_the_configuration(name: str) -> None:
    config = VARIANTS[name].applied(TrainConfig(), Path("shards"), seed=4)
    assert config.seed == 4
    assert config.data.folder.startswith("shards")
    assert (config != VARIANTS["full"].applied(TrainConfig(), Path("shards"), 4)) == (
        name != "full"
    )


def test_a_variant_leaves_out_what_it_says() -> None:
    def channels(name: str) -> set[str]:
        applied = VARIANTS[name].applied(TrainConfig(), Path("shards"), 0)
        return set(CHANNELS) - set(applied.network.channels)

    assert channels("no-depth") == {"depth"}
    assert channels("no-size") == {"hand_size"}
    assert channels("full") == set()


def test_the_table_has_means_over_seeds() -> None:
    def figures(f1: float | None) -> dict[str, object]:
        names = ("macro_f1", "micro_f1", "group_f1", "false_per_min")
        events = {name: {"value": f1, "low": None, "high": None} for name in names}
        return {"events": {"0.3": {**events, "delay_median_s": f1}}, "frame_map": f1}

    lines = table({"full": [figures(0.5), figures(0.7)], "no-depth": [figures(None)]}).split("\n")
    assert lines[2].startswith("| everything (`full`) | 2 | 0.60 [")
    assert lines[3].startswith("| without the depth channel (`no-depth`) | 1 | - |")
