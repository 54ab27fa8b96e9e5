from pathlib import Path

import msgspec
import pytest
from msgspec import structs

from calibration.saving import save
from engine.config import Config, PluginConfig, QualityConfig
from engine.config_file import load_config
from engine.errors import CalibrationError, ConfigError
from engine.latency_profile import changes
from tests.fakes.latency import CONDITIONS, profile


def written(folder: Path, text: str = "") -> tuple[Path, str]:
    save(folder / "latency.json", profile())
    config = folder / "config.toml"
    config.write_text(text, encoding="utf-8")
    return config, str(folder / "latency.json")


def test_its_settings_hold_where_the_file_has_none(tmp_path: Path) -> None:
    config, latency = written(tmp_path, '[feed]\nendpoint = "tcp://127.0.0.1:1"\n')
    loaded = load_config(config, latency)
    assert loaded.backend == PluginConfig(use="openvino", options={"precision": "f32"})
    assert loaded.quality == QualityConfig(effort="hands every second frame", every=2)
    assert loaded.stream.deadline_ms == 90.0
    assert loaded.feed.endpoint == "tcp://127.0.0.1:1"
    assert loaded.latency.file == latency


def test_without_a_configuration_it_is_all_there_is(tmp_path: Path) -> None:
    _, latency = written(tmp_path)
    assert load_config(None, latency).backend.use == "openvino"
    assert load_config(None) == Config()


def test_what_the_user_wrote_wins(tmp_path: Path) -> None:
    text = '[stream]\nname = "desk"\n[backend]\nuse = "onnxruntime"\n[quality]\nevery = 3\n'
    loaded = load_config(*written(tmp_path, text))
    assert loaded.backend == PluginConfig(use="onnxruntime")
    assert loaded.quality == QualityConfig(every=3)
    assert (loaded.stream.name, loaded.stream.deadline_ms) == ("desk", 90.0)


def test_the_file_may_name_it(tmp_path: Path) -> None:
    config, latency = written(tmp_path)
    config.write_text(f"[latency]\nfile = '{latency}'\n", encoding="utf-8")
    assert load_config(config).backend.use == "openvino"


def test_a_network_that_was_chosen_is_taken(tmp_path: Path) -> None:
    save(tmp_path / "latency.json", profile(model="/models/half.onnx"))
    loaded = load_config(None, str(tmp_path / "latency.json"))
    assert loaded.recognizer == PluginConfig(use="graph", options={"model": "/models/half.onnx"})


def test_an_altered_one_is_refused(tmp_path: Path) -> None:
    _, latency = written(tmp_path)
    path = Path(latency)
    path.write_text(path.read_text("utf-8").replace("90.0", "20.0"), encoding="utf-8")
    with pytest.raises(CalibrationError, match=r"checksum does not match.*calibrate latency"):
        load_config(None, latency)


def test_a_foreign_and_a_missing_one_are_refused(tmp_path: Path) -> None:
    person = tmp_path / "person.json"
    person.write_text('{"kind": "fidget.person", "version": 1}', encoding="utf-8")
    with pytest.raises(CalibrationError, match=r"expected kind 'fidget\.latency'"):
        load_config(None, str(person))
    with pytest.raises(CalibrationError, match="cannot be read"):
        load_config(None, str(tmp_path / "none.json"))


def test_errors_in_the_file_are_still_named_with_their_place(tmp_path: Path) -> None:
    config, latency = written(tmp_path, "[quality]\nevery = 0\n")
    with pytest.raises(ConfigError, match=r"config\.toml:2: quality\.every"):
        load_config(config, latency)


def test_what_has_changed_is_told_in_words() -> None:
    now = structs.replace(
        CONDITIONS,
        machine=structs.replace(CONDITIONS.machine, cores=4),
        versions={"onnxruntime": "1.28"},
        source="camera 1",
        streams=2,
        deadline_ms=50.0,
    )
    assert changes(CONDITIONS, CONDITIONS) == []
    assert changes(CONDITIONS, now) == [
        "machine cores was 2, is 4",
        "versions onnxruntime was 1.27, is 1.28",
        "source was camera 0, is camera 1",
        "streams was 1, is 2",
        "deadline_ms was 90, is 50",
    ]


def test_a_package_that_has_gone_is_a_change() -> None:
    now = structs.replace(CONDITIONS, versions={})
    assert changes(CONDITIONS, now) == ["versions onnxruntime was 1.27, is nothing"]


def test_every_field_of_the_conditions_counts() -> None:
    """Each is compared: a change of any of them is told."""
    builtins = msgspec.to_builtins(CONDITIONS)
    for name, value in builtins.items():
        other = {"str": "x", "int": 9, "float": 9.5, "dict": None}[type(value).__name__]
        if isinstance(value, dict):
            other = {**value, next(iter(value)): _other(next(iter(value.values())))}
        now = msgspec.convert({**builtins, name: other}, type(CONDITIONS))
        assert len(changes(CONDITIONS, now)) == 1, name


def _other(value: object) -> object:
    return f"{value}x" if isinstance(value, str) else 99
