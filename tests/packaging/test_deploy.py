"""server/deploy: files that nothing here runs, held against what the server has: its settings, ports, times and metrics.

What needs no more than a Python package checks them as well: hadolint, the schemas of Kubernetes, a parser of PromQL.
"""

import dataclasses
import itertools
import json
import re
import shlex
import subprocess
import sys
import urllib.request
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import grpc
import kubernetes_validate
import promql_parser
import pytest
import yaml
from mojaz_server import __version__
from mojaz_server.config import Config, read_config
from mojaz_server.metrics import REASONS
from prometheus_client.parser import text_string_to_metric_families
from serving import serving

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "server/deploy"
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
MANIFESTS = sorted(path for path in (DEPLOY / "kubernetes").iterdir() if path.name != "kustomization.yaml")
KUBERNETES = ("1.31", "1.37")
MARGIN = 15  # seconds that a server has to end after its grace: its last batch, the cache's file, the last traces
SETTINGS = {f.name for f in dataclasses.fields(Config)}
BY_PROMETHEUS = {"up"}  # made where it is scraped


def load(name: str) -> Any:
    text = (DEPLOY / name).read_text(encoding="utf-8")
    return json.loads(text) if name.endswith(".json") else yaml.safe_load(text)


def variables(environment: Mapping[str, str]) -> Config:
    """The settings that variables make; raises ConfigError for one that the server does not know."""
    return read_config([], {name: value for name, value in environment.items() if name.startswith("MOJAZ_")})


def port(address: str) -> int:
    return int(address.rpartition(":")[2])


@pytest.fixture(scope="module")
def page(tiny: Path) -> dict[str, dict[str, set[str]]]:
    """Every name on a real server's page of metrics with its labels and their values."""
    with serving("--model", str(tiny), "--metrics-address", "127.0.0.1:0") as server:
        (line,) = [line for line in server.log.read_text(encoding="utf-8").splitlines() if "metrics_address" in line]
        with urllib.request.urlopen(f"http://{json.loads(line)['metrics_address']}/metrics", timeout=60) as answer:
            text = answer.read().decode()
    found: dict[str, dict[str, set[str]]] = {}
    for sample in (sample for family in text_string_to_metric_families(text) for sample in family.samples):
        labels = found.setdefault(sample.name, defaultdict(set))
        for name, value in sample.labels.items():
            labels[name].add(value)
    return found


def test_every_file_is_looked_at_here() -> None:
    names = {str(path.relative_to(DEPLOY)) for path in DEPLOY.rglob("*") if path.is_file()}
    others = {"Dockerfile", "Dockerfile.dockerignore", "mojaz-server.service", "alerts.yaml", "alerts.test.yaml", "grafana.json"}
    assert names == others | {"kubernetes/kustomization.yaml"} | {f"kubernetes/{path.name}" for path in MANIFESTS}


@pytest.mark.parametrize("path", [path for path in DEPLOY.rglob("*") if path.is_file()], ids=lambda path: path.name)
def test_every_setting_that_a_file_names_is_one(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert {name.lower() for name in re.findall(r"\bMOJAZ_([A-Z_]+[A-Z])\b", text)} <= SETTINGS
    if path.name != "Dockerfile":  # flags of other programs
        assert {name.replace("-", "_") for name in re.findall(r"--([a-z][a-z-]+[a-z])\b", text)} <= SETTINGS | {"now", "server"}


# Dockerfile


def dockerfile() -> Iterator[tuple[str, str]]:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    lines = re.sub(r"^#.*\n", "", text, flags=re.M).replace("\\\n", " ").splitlines()
    for line in filter(None, lines):
        word, _, rest = line.partition(" ")
        yield word, rest.strip()


def test_hadolint_has_nothing_to_say_of_the_dockerfile() -> None:
    linter = Path(sys.executable).parent / "hadolint"
    ended = subprocess.run([linter, DEPLOY / "Dockerfile"], capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (0, "")


def test_the_image_is_made_of_what_there_is_and_runs_as_nobody() -> None:
    steps = list(dockerfile())
    bases = [rest.split()[0] for word, rest in steps if word == "FROM"]
    assert all(re.fullmatch(r"[a-z]+:[\w.-]+", base) for base in bases), "a short name, no registry"
    allowed = [line[1:] for line in (DEPLOY / "Dockerfile.dockerignore").read_text().splitlines() if line.startswith("!")]
    for source in (rest.split()[0] for word, rest in steps if word == "COPY" and not rest.startswith("--from")):
        assert (ROOT / source).exists()
        assert source in allowed
    assert all((ROOT / name).exists() for name in allowed)
    (user,) = [rest for word, rest in steps if word == "USER"]
    assert int(user.split(":")[0]) > 0
    environment = dict(item.split("=", 1) for word, rest in steps if word == "ENV" for item in shlex.split(rest))
    config = variables(environment)
    (ports,) = [rest.split() for word, rest in steps if word == "EXPOSE"]
    assert ports == [str(port(config.address)), str(port(config.metrics_address))]
    assert dict(steps)["ENTRYPOINT"] == '["mojaz-server"]'
    assert any(rest.endswith(f" {config.model}") for word, rest in steps if word == "COPY")


# systemd


def test_the_unit_sets_what_there_is_and_waits_for_the_drain() -> None:
    lines = (DEPLOY / "mojaz-server.service").read_text(encoding="utf-8").splitlines()
    pairs = [line.partition("=")[::2] for line in lines if "=" in line and not line.startswith("#")]
    config = variables(dict(value.split("=", 1) for key, value in pairs if key == "Environment"))
    unit = dict(pairs)
    assert float(unit["TimeoutStopSec"]) >= config.drain_wait_seconds + config.drain_seconds + MARGIN
    assert Path(unit["ExecStart"]).name == "mojaz-server"
    assert config.glossary_folder == f"/var/lib/{unit['StateDirectory']}"
    assert Path(config.cache_file).parent == Path(f"/var/cache/{unit['CacheDirectory']}")
    assert "MemoryDenyWriteExecute" not in unit, "CTranslate2 then translates into nonsense without a word"


# Kubernetes


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.name)
@pytest.mark.parametrize("version", KUBERNETES)
def test_a_manifest_has_the_schema_of_kubernetes(path: Path, version: str) -> None:
    for document in yaml.safe_load_all(path.read_text(encoding="utf-8")):
        kubernetes_validate.validate(document, version, strict=True)


def test_the_manifests_agree_with_each_other_and_with_the_server() -> None:
    kinds = {load(f"kubernetes/{path.name}")["kind"]: load(f"kubernetes/{path.name}") for path in MANIFESTS}
    assert sorted(load("kubernetes/kustomization.yaml")["resources"]) == [path.name for path in MANIFESTS]
    config = variables(kinds["ConfigMap"]["data"])
    template = kinds["Deployment"]["spec"]["template"]
    pod, labels = template["spec"], template["metadata"]["labels"]
    (container,) = pod["containers"]
    ports = {each["name"]: each["containerPort"] for each in container["ports"]}
    assert ports == {"grpc": port(config.address), "metrics": port(config.metrics_address)}
    assert container["image"] == f"mojaz-server:{__version__}"
    assert container["envFrom"][0]["configMapRef"]["name"] == kinds["ConfigMap"]["metadata"]["name"]
    assert {container[probe]["grpc"]["port"] for probe in ("startupProbe", "readinessProbe", "livenessProbe")} == {ports["grpc"]}
    assert config.drain_wait_seconds > 0
    assert pod["terminationGracePeriodSeconds"] >= config.drain_wait_seconds + config.drain_seconds + MARGIN
    mounts = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert mounts.keys() == {volume["name"] for volume in pod["volumes"]}
    assert str(Path(config.cache_file).parent) in mounts.values()
    for kind, path in (("Deployment", "selector"), ("PodDisruptionBudget", "selector"), ("NetworkPolicy", "podSelector")):
        assert kinds[kind]["spec"][path]["matchLabels"] == labels
    service = kinds["Service"]["spec"]
    assert (service["selector"], service["clusterIP"]) == (labels, "None")
    assert {each["targetPort"]: each["port"] for each in service["ports"]} == ports
    opened = [each["port"] for rule in kinds["NetworkPolicy"]["spec"]["ingress"] for each in rule["ports"]]
    assert sorted(opened) == sorted(ports.values())
    assert kinds["PodDisruptionBudget"]["spec"]["minAvailable"] < kinds["Deployment"]["spec"]["replicas"]


# Prometheus and Grafana


def selectors(node: Any) -> Iterator[Any]:
    """The metrics that a PromQL expression names."""
    if isinstance(node, promql_parser.VectorSelector):
        yield node
    for name in ("lhs", "rhs", "expr", "vector_selector"):
        if (inner := getattr(node, name, None)) is not None:
            yield from selectors(inner)
    for argument in getattr(node, "args", ()):
        yield from selectors(argument)


def check_names(expression: str, page: dict[str, dict[str, set[str]]]) -> None:
    """Every metric is on the page, every label is one that it has and every value compared with one that it may have."""
    may = {
        "reason": set(REASONS),
        "grpc_code": {"OK", "Canceled"} | {code.name.title().replace("_", "") for code in grpc.StatusCode},
    }
    found = list(selectors(promql_parser.parse(expression)))
    assert found, expression
    for selector in found:
        if selector.name in BY_PROMETHEUS:
            continue
        assert selector.name in page, expression
        for matcher in selector.matchers.matchers:
            if matcher.name in ("job", "instance"):
                continue
            known = page[selector.name][matcher.name]
            assert known, f"{selector.name} has no label {matcher.name}"
            assert set(matcher.value.split("|")) <= known | may.get(matcher.name, set()), expression


def alerts() -> list[dict[str, Any]]:
    return [rule for group in load("alerts.yaml")["groups"] for rule in group["rules"]]


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: str(alert["alert"]))
def test_an_alert_reads_metrics_that_there_are_and_is_explained(
    alert: dict[str, Any], page: dict[str, dict[str, set[str]]]
) -> None:
    check_names(alert["expr"], page)
    assert alert["labels"]["severity"] in ("page", "ticket")
    assert alert["annotations"]["summary"].endswith(".")
    assert f"| {alert['alert']} |" in OPERATIONS


def test_the_alerts_that_are_tried_are_those_that_there_are() -> None:
    names = {alert["alert"] for alert in alerts()}
    tried = [each["alertname"] for test in load("alerts.test.yaml")["tests"] for each in test["alert_rule_test"]]
    assert set(tried) <= names
    assert len(names) == len(alerts())


def panels() -> list[dict[str, Any]]:
    return [panel for panel in load("grafana.json")["panels"] if panel["type"] != "row"]


@pytest.mark.parametrize("panel", panels(), ids=lambda panel: str(panel["title"]))
def test_a_panel_reads_metrics_that_there_are(panel: dict[str, Any], page: dict[str, dict[str, set[str]]]) -> None:
    assert panel["description"].endswith(".")
    for target in panel["targets"]:
        check_names(target["expr"].replace("$__rate_interval", "5m"), page)


def test_the_dashboards_panels_have_their_places() -> None:
    dashboard = load("grafana.json")
    every = dashboard["panels"]
    assert len({panel["id"] for panel in every}) == len(every)
    taken = [
        (x, y)
        for grid in (panel["gridPos"] for panel in every)
        for x, y in itertools.product(range(grid["x"], grid["x"] + grid["w"]), range(grid["y"], grid["y"] + grid["h"]))
    ]
    assert len(set(taken)) == len(taken), "panels overlap"
    assert max(x for x, _ in taken) < 24
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            assert variable["definition"].startswith("label_values(mojaz_serving")


def test_every_metric_of_ours_is_explained_and_no_other(page: dict[str, dict[str, set[str]]]) -> None:
    table = OPERATIONS[OPERATIONS.index("## Metrics") : OPERATIONS.index("## Alerts")]
    told = set(re.findall(r"^\| `([a-z_]+)", table, re.M))
    ours = {re.sub(r"_(bucket|count|sum)$", "", name) for name in page}
    assert told == {name for name in ours if name.startswith(("mojaz_", "grpc_"))}
