"""``fake-ccmm faults``: what shall go wrong with a running server's calls."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from ..errors import SetupError
from .command import new_command, new_group, wrong
from .remote import Remote, add_server_options, pair, whole

if TYPE_CHECKING:
    from .command import Commands

_KINDS = """\
KIND is what goes wrong, with these parameters, those in brackets optional:
  reset            the connection is reset [carried_out]
  empty            it is closed without an answer [carried_out]
  truncate         the answer is cut off [fraction or bytes] [carried_out]
  garbage          noise is sent [bytes] [keep_head] [carried_out]
  slow             the answer comes in drops: bytes_per_second
  delay            the answer comes late: seconds, or lowest and highest, or mean
                   and deviation, or median and sigma, or mean [most]
  http-error       an error of HTTP [status] [carried_out]
  content-type     a wrong Content-Type [content_type] [carried_out]
  soap-fault       a SOAP fault: text [number] [code] [carried_out]
  expire-session   the caller's session expires
  second-login     a login is refused, somebody being logged in already
  too-soon         an append or a close is refused as too soon
  campaign-closes  a campaign is over [status] [campaign_id]
  reject-key       the session key is refused

carried_out=true: the call's work is done all the same. Of the calls that --operation,
--user and --argument pick out, --skip lets the first so many by; of the rest --nth
strikes one and --every each so-and-so-many.

Instead of a kind, a rule may be given as JSON, or @FILE with a rule or a list of them:
  {"when": {"operation": "CloseContact"}, "nth": 3, "do": {"kind": "reset"}}
"""

_COUNTS = ("nth", "every", "skip", "budget")
_DELAYS = {
    ("seconds",): "fixed",
    ("lowest", "highest"): "uniform",
    ("mean", "deviation"): "normal",
    ("median", "sigma"): "log-normal",
    ("mean",): "exponential",
}


def declare(commands: Commands) -> None:
    """Add the command."""
    command = new_command(
        commands,
        "faults",
        _list,
        summary="list, add and remove what shall go wrong on a running server",
        description="List, add and remove what shall go wrong with calls to a running server.\n\n"
        "Without a command, the rules are listed.",
        examples=(
            "fake-ccmm faults add reset --operation CloseContact --nth 3",
            "fake-ccmm faults",
            "fake-ccmm faults clear",
        ),
    )
    add_server_options(command)
    group = new_group(command, required=False)
    one = new_command(
        group,
        "list",
        _list,
        summary="list all rules",
        description="List all rules with how often they matched and struck.",
        examples=("fake-ccmm faults list", "fake-ccmm faults list --json"),
    )
    one.add_argument("--json", action="store_true", help="as JSON, which 'faults add' takes")
    add_server_options(one)
    _declare_add(group)
    one = new_command(
        group,
        "remove",
        _remove,
        summary="remove a rule",
        description="Remove a rule by its name.",
        examples=("fake-ccmm faults remove fault-1",),
    )
    one.add_argument("name", metavar="NAME", help="the rule's name")
    add_server_options(one)
    one = new_command(
        group,
        "clear",
        _clear,
        summary="remove all rules",
        description="Remove all rules.",
        examples=("fake-ccmm faults clear",),
    )
    add_server_options(one)


def _declare_add(group: Commands) -> None:
    command = new_command(
        group,
        "add",
        _add,
        summary="add a rule",
        description=f"Add a rule to those there are, and print it with its name.\n\n{_KINDS}",
        examples=(
            "fake-ccmm faults add delay seconds=0.5",
            "fake-ccmm faults add http-error status=500 --rate 0.1",
            "fake-ccmm faults add soap-fault text='Not so fast' number=2899 --nth 3",
            "fake-ccmm faults add @rules.json",
        ),
    )
    command.add_argument("kind", metavar="KIND", help="what goes wrong; or JSON; or @FILE")
    command.add_argument(
        "parameters", nargs="*", type=pair, metavar="NAME=VALUE", help="a parameter of it, such as status=500"
    )
    rule = command.add_argument_group("which calls are struck")
    rule.add_argument("--operation", metavar="NAME", help="those of this operation, such as CloseContact")
    rule.add_argument("--user", metavar="NAME", help="those of this user")
    rule.add_argument(
        "--argument",
        type=pair,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="those with this argument, such as campaign_id=26; may be repeated",
    )
    rule.add_argument("--nth", type=whole, metavar="N", help="the Nth of them only")
    rule.add_argument("--every", type=whole, metavar="N", help="each Nth of them")
    rule.add_argument("--skip", type=whole, metavar="N", help="none of the first N")
    rule.add_argument("--budget", type=whole, metavar="N", help="N at most")
    rule.add_argument("--rate", type=_rate, metavar="SHARE", help="by chance this share of them, above 0 and up to 1")
    rule.add_argument("--name", metavar="NAME", help="what to call the rule (default: fault-1 and so on)")
    add_server_options(command)


def _list(parsed: argparse.Namespace) -> int:
    answer = Remote(parsed).request("GET", "faults", expected=("rules",))
    if vars(parsed).get("json"):
        print(json.dumps(answer["rules"], indent=2, ensure_ascii=False))
    else:
        for rule in answer["rules"]:
            print(_line(rule))
    return 0


def _add(parsed: argparse.Namespace) -> int:
    rules = _given(parsed)
    remote = Remote(parsed)
    for rule in rules:
        print(_line(remote.request("POST", "faults", body=rule, expected=("do",))), flush=True)
    return 0


def _remove(parsed: argparse.Namespace) -> int:
    Remote(parsed).request("DELETE", "faults", parsed.name)
    return 0


def _clear(parsed: argparse.Namespace) -> int:
    Remote(parsed).request("DELETE", "faults")
    return 0


def _line(rule: Mapping[str, Any]) -> str:
    """A rule in words, with its counts."""
    from pydantic import TypeAdapter

    from ..faults import FaultRule, describe

    made = TypeAdapter(FaultRule).validate_json(json.dumps(rule))
    return f"{describe(made)} (matched {made.matched:,}, struck {made.struck:,})"


def _given(parsed: argparse.Namespace) -> list[Any]:
    """The rules of the command line, as the control API takes them."""
    options = _options(parsed)
    if not parsed.kind.startswith(("@", "{", "[")):
        return [options | {"do": _action(parsed)}]
    if options or parsed.parameters:
        wrong(parsed, "a rule in JSON says everything itself; leave out the options and NAME=VALUE")
    from .files import similar_file

    text = parsed.kind
    if text.startswith("@"):
        path = Path(text[1:])
        try:
            text = path.read_text("utf-8")
        except OSError as error:
            meant = "" if path.exists() else similar_file(path)
            raise SetupError(f"{path}: cannot be read: {error.strerror}{meant}") from None
        except UnicodeDecodeError:
            raise SetupError(f"{path}: is not UTF-8 text; save it as UTF-8") from None
    try:
        found = json.loads(text)
    except ValueError as error:
        raise SetupError(f"{parsed.kind if parsed.kind.startswith('@') else 'the rule'} is not JSON: {error}") from None
    return found if isinstance(found, list) else [found]


def _options(parsed: argparse.Namespace) -> dict[str, Any]:
    rule = {name: getattr(parsed, name) for name in ("name", *_COUNTS, "rate") if getattr(parsed, name) is not None}
    when: dict[str, Any] = {name: getattr(parsed, name) for name in ("operation", "user") if getattr(parsed, name)}
    if parsed.argument:
        when["arguments"] = {name: _plain(value) for name, value in parsed.argument}
    return rule | ({"when": when} if when else {})


def _action(parsed: argparse.Namespace) -> dict[str, Any]:
    """What the rule does; the process ends where there is no such kind or parameter."""
    from ..calls import nearest
    from ..faults.rules import Action, Delay
    from ..kinds import kind_of, members
    from ..seed.shape import hints

    kinds = {kind_of(one): one for one in members(Action)}
    cls = kinds.get(parsed.kind)
    if cls is None:
        wrong(parsed, f"nothing of the kind {parsed.kind!r} can go wrong{nearest(parsed.kind, kinds)}")
    parameters = dict(parsed.parameters)
    if cls is Delay:
        return {"kind": parsed.kind, "distribution": _distribution(parsed, parameters)}
    types = {name: hint for name, hint in hints(cls).items() if name != "kind"}
    for name in parameters:
        if name not in types:
            there = f"there are: {', '.join(types)}" if types else "it has none"
            wrong(parsed, f"{parsed.kind} has no parameter {name!r}; {there}")
    return {"kind": parsed.kind} | {
        name: text if _is_text(types[name]) else _plain(text) for name, text in parameters.items()
    }


def _distribution(parsed: argparse.Namespace, parameters: dict[str, str]) -> dict[str, Any]:
    """How long a delay is; its kind is known by the names of its parameters."""
    for names, kind in _DELAYS.items():
        if parameters.keys() - {"most"} == set(names):
            return {"kind": kind} | {name: _plain(text) for name, text in parameters.items()}
    forms = ", ".join(" and ".join(names) for names in _DELAYS)
    wrong(parsed, f"delay takes one of: {forms} (and most, if wanted), not {', '.join(parameters) or 'nothing'}")


def _is_text(hint: Any) -> bool:
    return hint is str or (get_origin(hint) is Literal and isinstance(get_args(hint)[0], str))


def _plain(text: str) -> Any:
    """A value of the command line: what JSON makes of it, and else the text."""
    try:
        found = json.loads(text)
    except ValueError:
        return text
    return found if not isinstance(found, float) or math.isfinite(found) else text


def _rate(text: str) -> float:
    try:
        found = float(text)
    except ValueError:
        found = math.nan
    if not 0 < found <= 1:
        raise argparse.ArgumentTypeError(f"a share is above 0 and at most 1, such as 0.1, not {text!r}")
    return found
