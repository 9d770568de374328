"""The fault rules of a center."""

from __future__ import annotations

from ..faults import FaultRule, UnknownFaultRule
from ..world import TakenName
from .models import FaultRules
from .problems import FieldProblem, invalid
from .reading import need_mapping, read_part
from .request import ControlRequest, Reply

_FIELDS = ("seed", "rules")


def show_all(request: ControlRequest) -> FaultRules:
    """The rules in force."""
    plan = request.world.faults
    return FaultRules(plan.seed, tuple(plan.rules()))


def show(request: ControlRequest) -> FaultRule:
    """One rule with its counters."""
    name = request.path["name"]
    for one in request.world.faults.rules():
        if one.name == name:
            return one
    raise UnknownFaultRule(f"no fault rule is called {name!r}")


def add(request: ControlRequest) -> Reply:
    """Put a rule in force after those there are."""
    world = request.world
    seed = read_part({"faults": [need_mapping(request.document)]}, {"faults[0]": ""})
    with world.center.locked():
        rule = seed.faults[0]
        if rule.name and any(one.name == rule.name for one in world.faults.rules()):
            raise TakenName(f"a fault rule named {rule.name!r} is there already; take another name, or none")
        kept = world.faults.add(rule)
    return Reply(kept, headers={"Location": f"/control/v1/centers/{world.name}/faults/{kept.name}"})


def replace_all(request: ControlRequest) -> FaultRules:
    """Have these rules and no others."""
    plan = request.world.faults
    document = need_mapping(request.document)
    problems = [FieldProblem(name, "there is no such field") for name in document if name not in _FIELDS]
    if "rules" not in document:
        problems.append(FieldProblem("rules", "is missing; a list of fault rules belongs here"))
    if problems:
        raise invalid(problems)
    part = {"faults": document["rules"], "fault_seed": document.get("seed", plan.seed)}
    seed = read_part(part, {"faults": "rules", "fault_seed": "seed"})
    plan.replace_all(seed.faults, seed.fault_seed)
    return show_all(request)


def clear(request: ControlRequest) -> None:
    """Put all rules out of force."""
    request.world.faults.clear()


def remove(request: ControlRequest) -> None:
    """Put a rule out of force."""
    request.world.faults.remove(request.path["name"])
