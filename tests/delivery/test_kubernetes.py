"""The manifest for Kubernetes fits the image and the server: ports, probes, token, seed, and no rights."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

from fake_ccmm import FakeCcmm
from fake_ccmm.seed import read_seed

from .recipes import CI, ROOT

PROBES = ("startupProbe", "readinessProbe", "livenessProbe")


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    """The parts of the manifest by their kind."""
    parts = list(yaml.safe_load_all((CI / "kubernetes.yaml").read_text("utf-8")))
    return {one["kind"]: one for one in parts}


@pytest.fixture(scope="module")
def pod(manifest: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = manifest["Deployment"]["spec"]["template"]["spec"]
    return found


@pytest.fixture(scope="module")
def container(pod: dict[str, Any]) -> dict[str, Any]:
    (found,) = pod["containers"]
    return dict(found)


def test_it_has_one_pod_that_is_never_doubled(manifest: dict[str, Any]) -> None:
    spec = manifest["Deployment"]["spec"]
    assert (spec["replicas"], spec["strategy"]) == (1, {"type": "Recreate"})


@pytest.mark.parametrize("probe", PROBES)
def test_each_probe_asks_a_path_that_the_server_answers_whatever_its_token(
    container: dict[str, Any], probe: str
) -> None:
    asked = container[probe]["httpGet"]
    with (
        FakeCcmm(log=None, control_token="rosebud") as ccmm,
        urllib.request.urlopen(ccmm.url + asked["path"], timeout=10) as answer,
    ):
        assert answer.status == 200
    assert asked["port"] in [one["name"] for one in container["ports"]]


def test_the_port_is_that_of_the_image_and_of_the_service(manifest: dict[str, Any], container: dict[str, Any]) -> None:
    exposed = re.findall(r"^EXPOSE (\d+)$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    (port,) = container["ports"]
    assert [port["containerPort"]] == [int(one) for one in exposed]
    (service,) = manifest["Service"]["spec"]["ports"]
    assert service["targetPort"] == port["name"]


def test_the_service_finds_the_pod(manifest: dict[str, Any]) -> None:
    spec = manifest["Deployment"]["spec"]
    labels = spec["template"]["metadata"]["labels"]
    assert manifest["Service"]["spec"]["selector"] == spec["selector"]["matchLabels"] == labels


def test_it_runs_with_no_rights(pod: dict[str, Any], container: dict[str, Any]) -> None:
    user = re.findall(r"^USER (\d+):(\d+)$", (ROOT / "Dockerfile").read_text("utf-8"), re.MULTILINE)
    assert {(str(pod["securityContext"]["runAsUser"]), str(pod["securityContext"]["runAsGroup"]))} == set(user)
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert pod["automountServiceAccountToken"] is False
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert container["resources"].keys() == {"requests", "limits"}


def test_the_token_is_a_secret_that_does_not_stand_in_the_file(
    manifest: dict[str, Any], container: dict[str, Any]
) -> None:
    (variable,) = container["env"]
    assert variable == {
        "name": "FAKE_CCMM_TOKEN",
        "valueFrom": {"secretKeyRef": {"name": "fake-ccmm", "key": "token"}},
    }
    assert "Secret" not in manifest
    assert "create secret generic fake-ccmm --from-literal=token=" in (CI / "kubernetes.yaml").read_text("utf-8")


def test_the_seed_is_mounted_where_it_is_read_and_is_good(
    manifest: dict[str, Any], pod: dict[str, Any], container: dict[str, Any], tmp_path: Path
) -> None:
    (mount,) = container["volumeMounts"]
    (volume,) = pod["volumes"]
    assert (volume["name"], volume["configMap"]["name"]) == (mount["name"], manifest["ConfigMap"]["metadata"]["name"])
    seed = Path(container["args"][container["args"].index("--seed") + 1])
    assert seed.parent.as_posix() == mount["mountPath"]
    file = tmp_path / seed.name
    file.write_text(manifest["ConfigMap"]["data"][seed.name], "utf-8")
    with FakeCcmm(log=None) as ccmm:
        ccmm.world.load(read_seed(file))
        assert ccmm.center.campaign(7).number_of_contacts == 250
