"""The project's own workflows, and the recipe for the same system: the least rights, and nothing that can move."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from .recipes import CI, ROOT, WORKFLOWS, document

PINNED = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}")
RECIPE = CI / "github-actions.yml"
EVERY = [*WORKFLOWS, RECIPE]
WRITES = {"release.yml": {"id-token", "attestations"}}
"""What jobs of a workflow may write; all others only read."""


def named(path: Path) -> str:
    return path.name


def steps(path: Path) -> list[dict[str, Any]]:
    return [step for job in document(path)["jobs"].values() for step in job["steps"]]


def uses(path: Path) -> list[str]:
    """What stands behind each ``uses:``, with the comment."""
    return re.findall(r"uses: (.+)", path.read_text("utf-8"))


def test_there_are_workflows_for_every_change_and_for_releases() -> None:
    assert [one.name for one in WORKFLOWS] == ["ci.yml", "release.yml"]
    assert {"push", "pull_request"} <= document(WORKFLOWS[0])["on"].keys()
    assert document(WORKFLOWS[1])["on"] == {"push": {"tags": ["v[0-9]*"]}}


@pytest.mark.parametrize("path", EVERY, ids=named)
def test_a_job_has_only_the_rights_that_it_names(path: Path) -> None:
    workflow = document(path)
    assert workflow["permissions"] == {}
    for name, job in workflow["jobs"].items():
        writes = {right for right, level in job["permissions"].items() if level != "read"}
        assert writes <= WRITES.get(path.name, set()), name


@pytest.mark.parametrize("path", EVERY, ids=named)
def test_no_job_goes_on_for_ever_or_beside_its_successor(path: Path) -> None:
    workflow = document(path)
    assert workflow["concurrency"]["group"]
    assert all(0 < job["timeout-minutes"] <= 90 for job in workflow["jobs"].values())


@pytest.mark.parametrize("path", EVERY, ids=named)
def test_each_action_is_named_by_its_commit_with_the_version_beside_it(path: Path) -> None:
    found = uses(path)
    assert len(found) == len([one for one in steps(path) if "uses" in one])
    for one in found:
        action, _, version = one.partition(" # ")
        assert PINNED.fullmatch(action), one
        assert re.fullmatch(r"v\d+\.\d+\.\d+", version), one


def test_one_action_is_the_same_everywhere() -> None:
    found = {one for path in EVERY for one in uses(path)}
    assert len({one.partition("@")[0] for one in found}) == len(found)


@pytest.mark.parametrize("path", EVERY, ids=named)
def test_a_checkout_leaves_no_credentials_behind(path: Path) -> None:
    found = [one for one in steps(path) if one.get("uses", "").startswith("actions/checkout@")]
    assert all(one["with"]["persist-credentials"] is False for one in found)
    assert found


@pytest.mark.parametrize("path", EVERY, ids=named)
def test_no_script_has_a_value_pasted_into_it(path: Path) -> None:
    assert not [one["run"] for one in steps(path) if "${{" in one.get("run", "")]


def test_the_tests_run_on_every_python_that_pyproject_names() -> None:
    project = (ROOT / "pyproject.toml").read_text("utf-8")
    supported = re.findall(r'"Programming Language :: Python :: (3\.\d+)"', project)
    jobs = document(WORKFLOWS[0])["jobs"]
    assert len(supported) >= 4
    assert jobs["tests"]["strategy"]["matrix"]["python"] == supported
    (versions,) = [
        one["with"]["python-version"]
        for one in jobs["everything"]["steps"]
        if "with" in one and "python-version" in one["with"]
    ]
    assert sorted(versions.split(), key=supported.index) == supported


def test_the_tests_run_on_linux_windows_and_macos() -> None:
    systems = document(WORKFLOWS[0])["jobs"]["tests"]["strategy"]["matrix"]["system"]
    assert [one.partition("-")[0] for one in systems] == ["ubuntu", "windows", "macos"]


def test_what_is_published_was_attested_and_tried_before() -> None:
    jobs = document(WORKFLOWS[1])["jobs"]
    assert (jobs["publish"]["needs"], jobs["attest"]["needs"]) == ("attest", "build")
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert jobs["publish"]["environment"] == "pypi"
    tried = "\n".join(one.get("run", "") for one in jobs["build"]["steps"])
    assert "tests/packaging" in tried
    assert "twine check --strict" in tried
    assert "password" not in (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")


def test_the_bot_looks_after_the_actions_of_workflows_and_recipe() -> None:
    updates = document(ROOT / ".github" / "dependabot.yml")["updates"]
    (actions,) = [one for one in updates if one["package-ecosystem"] == "github-actions"]
    assert actions["directories"] == ["/", f"/{CI.relative_to(ROOT).as_posix()}"]
