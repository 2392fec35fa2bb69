"""Settings: a field, its flag, its variable; a mistake is an error, never a silent default."""

import dataclasses

import pytest
from mojaz_server.config import Config, read_config
from mojaz_server.errors import ConfigError


def test_flag_over_variable_over_default() -> None:
    assert read_config([], {}).max_lines == 50
    assert read_config([], {"MOJAZ_MAX_LINES": "7"}).max_lines == 7
    assert read_config(["--max-lines", "9"], {"MOJAZ_MAX_LINES": "7"}).max_lines == 9


@pytest.mark.parametrize("field", dataclasses.fields(Config), ids=lambda f: f.name)
def test_every_field_is_a_flag_and_a_variable(field: dataclasses.Field[object]) -> None:
    value = str(field.default)
    if value == "":
        return  # an empty default cannot be told from no value
    flag, variable = "--" + field.name.replace("_", "-"), "MOJAZ_" + field.name.upper()
    assert read_config([flag, value], {}) == read_config([], {variable: value}) == Config()


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"MOJAZ_MAX_LINE": "3"}, "MOJAZ_MAX_LINE"),
        ({"MOJAZ_MAX_LINES": "three"}, "MOJAZ_MAX_LINES=three"),
        ({"MOJAZ_MAX_LINES": "-1"}, "--max-lines must be at least 1"),
        ({"MOJAZ_ADDRESS": "localhost"}, "--address must be HOST:PORT"),
        ({"MOJAZ_METRICS_ADDRESS": "9464"}, "--metrics-address must be HOST:PORT"),
        ({"MOJAZ_DEFAULT_LINES": "60"}, "--default-lines 60 is over --max-lines 50"),
    ],
)
def test_a_mistake_is_named(environment: dict[str, str], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        read_config([], environment)


def test_the_clients_own_variables_are_no_mistake() -> None:
    assert read_config([], {"MOJAZ_SERVER": "elsewhere:1", "MOJAZ_CACHE": "folder"}) == Config()
