"""The recipes of ``docs/ci`` as what they run: scripts, the shell of each, and the variables that they see."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent.parent
CI = ROOT / "docs" / "ci"
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))

BASH = ("bash", "--noprofile", "--norc")
"""How Azure Pipelines starts a ``bash`` step."""


@dataclass(frozen=True, slots=True)
class Script:
    """What one step runs, in a shell of its own; ``always`` also where one before it has failed."""

    text: str
    always: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """One way through a recipe: its scripts in order, the shell that runs each, and its environment."""

    name: str
    shell: tuple[str, ...]
    scripts: tuple[Script, ...]
    environment: dict[str, str]


def document(path: Path) -> Any:
    """A YAML file as its plain values; the key ``on`` stays a text."""
    return yaml.load(path.read_text("utf-8"), _Yaml)


class _Yaml(yaml.SafeLoader):
    """YAML in which, as in version 1.2, only ``true`` and ``false`` are booleans."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own way
        first: [one for one in resolvers if one[0] != "tag:yaml.org,2002:bool" or first in "tTfF"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


def github(job: str) -> Job:
    """A job of the recipe for GitHub Actions."""
    recipe = document(CI / "github-actions.yml")
    told = recipe["jobs"][job]
    scripts = [Script(one["run"], one.get("if") == "always()") for one in told["steps"] if "run" in one]
    return Job(f"github-actions.yml, {job}", ("bash", "-e"), tuple(scripts), recipe["env"] | told.get("env", {}))


def gitlab(job: str) -> Job:
    """A job of the recipe for GitLab CI, which runs all its lines in one shell."""
    recipe = document(CI / "gitlab-ci.yml")
    told = recipe[job]
    script = Script("\n".join([*told.get("before_script", []), *told["script"]]))
    variables = recipe["variables"] | told.get("variables", {})
    return Job(f"gitlab-ci.yml, {job}", ("bash", "-eo", "pipefail"), (script,), variables)


def azure(job: str) -> Job:
    """A job of the recipe for Azure Pipelines, with the defaults of the parameters."""
    recipe = document(CI / "azure-pipelines.yml")
    (told,) = [one for case in recipe["jobs"] for jobs in case.values() for one in jobs if one["job"] == job]
    defaults = {f"${{{{ parameters.{one['name']} }}}}": one["default"] for one in recipe["parameters"]}
    variables = {name: defaults.get(value, value) for name, value in told["variables"].items() if "$" not in name}
    scripts = tuple(Script(one["bash"]) for one in told["steps"] if "bash" in one)
    return Job(f"azure-pipelines.yml, {job}", BASH, scripts, variables)


def jenkins(stage: str) -> Job:
    """A stage of the Jenkinsfile; each ``sh`` is a shell of its own."""
    recipe = (CI / "Jenkinsfile").read_text("utf-8")
    body = recipe.partition(f"stage('{stage}')")[2].partition("stage(")[0]
    scripts = tuple(Script(dedent(one).strip() + "\n") for one in re.findall(r"sh '''\n(.*?)'''", body, re.DOTALL))
    seen = recipe.partition("stages {")[0] + body
    environment = dict(re.findall(r"^ +(\w+) = ['\"](.*)['\"]$", seen, re.MULTILINE))
    return Job(f"Jenkinsfile, {stage}", ("sh", "-xe"), scripts, environment)


def _all(make: Callable[[str], Job], names: Iterable[str]) -> tuple[Job, ...]:
    return tuple(make(one) for one in names)


WITHOUT_CONTAINERS = (
    github("without-containers"),
    gitlab("ccmm"),
    azure("without_containers"),
    jenkins("Without containers"),
)
"""The way of each recipe that needs Python alone."""

WITH_DOCKER = (github("with-containers"), azure("with_containers"), jenkins("With containers"))
"""The way of each recipe that runs the kit by docker."""

WITH_SERVICES = _all(gitlab, ("ccmm-tests", "ccmm-contracts"))
"""The two jobs of GitLab with the mock as a service; the second has the reports of the first."""

EVERY = (*WITHOUT_CONTAINERS, *WITH_DOCKER, *WITH_SERVICES)
