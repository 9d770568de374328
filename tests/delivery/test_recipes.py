"""What the recipes say, without running them: the same in every system, and nothing that a reader could not keep."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ..running.process import DEADLINE
from .recipes import BASH, CI, EVERY, WITH_DOCKER, WITH_SERVICES, WITHOUT_CONTAINERS, Job, document

RECIPES = ("github-actions.yml", "gitlab-ci.yml", "azure-pipelines.yml", "Jenkinsfile")
CHOICES = {
    "vendor/fake-ccmm[contracts]": WITHOUT_CONTAINERS,
    "python3 -m pytest tests --junitxml=ccmm-reports/tests.xml": (*WITHOUT_CONTAINERS, *WITH_DOCKER, WITH_SERVICES[0]),
}
"""What a team replaces, and the jobs that see it."""

needs_bash = pytest.mark.skipif(
    sys.platform == "win32" or shutil.which("bash") is None, reason="the recipes are for machines with bash"
)


def named(job: Job) -> str:
    return job.name


def last(job: Job) -> str:
    """The script with the tests and the contracts."""
    return [one.text for one in job.scripts if not one.always][-1]


def commands(text: str) -> list[str]:
    """The lines of a script from the first that holds the tests' outcome."""
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines[lines.index("failed=0") :] if line]


def test_the_page_names_every_file_of_the_folder() -> None:
    page = (CI / "README.md").read_text("utf-8")
    files = {path.name for path in CI.iterdir()} - {"README.md"}
    assert {*RECIPES, "kubernetes.yaml"} == files
    assert set(re.findall(r"\]\(([^)/#]+)\)", page)) == files


@pytest.mark.parametrize("job", EVERY, ids=named)
@needs_bash
def test_each_script_can_be_read_by_bash_and_by_sh(job: Job) -> None:
    for script in job.scripts:
        for shell in (BASH, ("sh",)):
            done = subprocess.run(
                [*shell, "-n"], input=script.text, capture_output=True, encoding="utf-8", timeout=DEADLINE, check=False
            )
            assert (done.returncode, done.stderr) == (0, "")


def test_every_system_runs_the_same_commands() -> None:
    first, *others = WITHOUT_CONTAINERS
    for one in others:
        assert last(one).rstrip().endswith(last(first).rstrip()), one.name
    assert len({tuple(commands(last(one))) for one in WITH_DOCKER}) == 1


@pytest.mark.parametrize("value", CHOICES)
def test_what_a_team_replaces_stands_once_in_a_recipe(value: str) -> None:
    for name in RECIPES:
        assert (CI / name).read_text("utf-8").count(value) == 1, name
    for job in CHOICES[value]:
        assert value in job.environment.values(), job.name


@pytest.mark.parametrize("job", [*WITHOUT_CONTAINERS, *WITH_DOCKER], ids=named)
def test_the_contracts_leave_reports_for_the_system_and_for_people(job: Job) -> None:
    text = last(job)
    assert '--junit "ccmm-reports/$1.xml" --html "ccmm-reports/$1.html"' in text
    assert text.index('sh -c "$CCMM_TESTS"') < text.index("contracts judge") < text.index("contracts server")


def test_every_system_publishes_the_junit_files_and_keeps_the_folder_whatever_came_of_the_tests() -> None:
    jobs = document(CI / "github-actions.yml")["jobs"].values()
    for job in jobs:
        (kept,) = [one for one in job["steps"] if one.get("uses", "").startswith("actions/upload-artifact@")]
        assert (kept["if"], kept["with"]["path"]) == ("always()", "ccmm-reports/")
    reports = document(CI / "gitlab-ci.yml")[".ccmm-reports"]["artifacts"]
    assert (reports["when"], reports["paths"]) == ("always", ["ccmm-reports/"])
    assert reports["reports"] == {"junit": "ccmm-reports/*.xml"}
    azure = (CI / "azure-pipelines.yml").read_text("utf-8")
    assert azure.count("testResultsFiles: ccmm-reports/*.xml") == 2
    assert azure.count("- publish: ccmm-reports\n") == 2
    assert azure.count("condition: succeededOrFailed()") == 4
    always = (CI / "Jenkinsfile").read_text("utf-8").partition("always {")[2]
    assert "junit 'ccmm-reports/*.xml'" in always
    assert "archiveArtifacts 'ccmm-reports/**'" in always


def test_the_jenkinsfile_is_closed_and_has_nothing_that_groovy_reads_otherwise() -> None:
    text = (CI / "Jenkinsfile").read_text("utf-8")
    outside = re.sub(r"'''.*?'''", "", text, flags=re.DOTALL)
    assert text.count("'''") == 2 * 3
    assert "\\" not in text
    assert outside.count("{") == outside.count("}")


@pytest.mark.parametrize("path", sorted(CI.iterdir()), ids=lambda path: path.name)
def test_no_file_names_a_place_that_only_its_writers_know(path: Path) -> None:
    hosts = set(re.findall(r"https?://([\w.-]+)", path.read_text("utf-8")))
    assert hosts <= {"127.0.0.1", "localhost", "ccmm", "fake-ccmm"}
