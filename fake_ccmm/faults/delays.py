"""How long a delay is: five distributions, all in seconds, each drawn from one even chance."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from ..errors import SetupError
from ..kinds import CLOSED, ByKind, kind_of, members

_HOUR = 3600.0
_DAY = 86400.0


@dataclass(frozen=True, slots=True)
class Fixed:
    """Always the same ``seconds``."""

    __pydantic_config__ = CLOSED
    kind: Literal["fixed"] = field(default="fixed", kw_only=True)
    seconds: float
    most: float = _HOUR


@dataclass(frozen=True, slots=True)
class Uniform:
    """Anything from ``lowest`` to ``highest`` seconds, all alike."""

    __pydantic_config__ = CLOSED
    kind: Literal["uniform"] = field(default="uniform", kw_only=True)
    lowest: float
    highest: float
    most: float = _HOUR


@dataclass(frozen=True, slots=True)
class Normal:
    """The bell curve around ``mean`` seconds; what would be less than 0 is 0, what would be above ``most`` is that."""

    __pydantic_config__ = CLOSED
    kind: Literal["normal"] = field(default="normal", kw_only=True)
    mean: float
    deviation: float
    most: float = _HOUR


@dataclass(frozen=True, slots=True)
class LogNormal:
    """Half of the delays below ``median`` seconds, with the long tail that networks have; ``sigma`` is its width."""

    __pydantic_config__ = CLOSED
    kind: Literal["log-normal"] = field(default="log-normal", kw_only=True)
    median: float
    sigma: float
    most: float = _HOUR


@dataclass(frozen=True, slots=True)
class Exponential:
    """Mostly short and now and then long, ``mean`` seconds on average."""

    __pydantic_config__ = CLOSED
    kind: Literal["exponential"] = field(default="exponential", kw_only=True)
    mean: float
    most: float = _HOUR


Distribution = Annotated[Fixed | Uniform | Normal | LogNormal | Exponential, ByKind()]
"""How long the delays of a rule are; in JSON told apart by ``kind``."""


def draw(distribution: Distribution, chance: float) -> float:
    """Seconds from 0 to the distribution's ``most``, for a ``chance`` between 0 and 1 (both exclusive).

    The same chance gives the same seconds on every Python.
    """
    return float(min(max(0.0, _DRAWN[type(distribution)](distribution, chance)), distribution.most))


def describe_distribution(distribution: Distribution) -> str:
    """The distribution in a few words, such as ``0.1 to 0.5 seconds``."""
    return _WORDS[type(distribution)].format(one=distribution)


def check_distribution(distribution: Distribution) -> None:
    """A SetupError, saying what would be right, where the numbers make no sense."""
    if type(distribution) not in _DRAWN:
        kinds = ", ".join(kind_of(one) for one in members(Distribution))
        raise SetupError(f"distribution is one of {kinds}, not {distribution!r}")
    most = distribution.most
    if not (is_number(most) and 0 < most <= _DAY):
        raise SetupError(f"most is above 0 and at most {_DAY:g} seconds (a day), not {most!r}")
    for name in _SECONDS[type(distribution)]:
        seconds = getattr(distribution, name)
        if not (is_number(seconds) and 0 <= seconds <= most):
            raise SetupError(f"{name} is from 0 to {most:g} seconds (most), not {seconds!r}")
    if isinstance(distribution, Uniform) and distribution.lowest > distribution.highest:
        raise SetupError(
            f"lowest is at most highest, but {distribution.lowest!r} is above {distribution.highest!r}; swap the two"
        )
    if isinstance(distribution, LogNormal) and not (is_number(distribution.sigma) and distribution.sigma >= 0):
        raise SetupError(f"sigma is 0 or more (0.5 is a usual network), not {distribution.sigma!r}")


def is_number(value: Any) -> bool:
    """Whether it is a finite number, and no bool."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # an int that no float can hold
        return False


def _bell(chance: float) -> float:
    from statistics import NormalDist  # takes long to import, and few ever need it

    return NormalDist().inv_cdf(chance)


def _log_normal(one: LogNormal, chance: float) -> float:
    # e to the 700th is far above any ``most``, and a little more would not be a float.
    return one.median * math.exp(min(one.sigma * _bell(chance), 700.0))


_DRAWN: dict[type, Callable[[Any, float], float]] = {
    Fixed: lambda one, chance: one.seconds,
    Uniform: lambda one, chance: min(one.lowest + (one.highest - one.lowest) * chance, one.highest),
    Normal: lambda one, chance: one.mean + one.deviation * _bell(chance),
    LogNormal: _log_normal,
    Exponential: lambda one, chance: -one.mean * math.log1p(-chance),
}

_SECONDS: dict[type, tuple[str, ...]] = {
    Fixed: ("seconds",),
    Uniform: ("lowest", "highest"),
    Normal: ("mean", "deviation"),
    LogNormal: ("median",),
    Exponential: ("mean",),
}

_WORDS: dict[type, str] = {
    Fixed: "{one.seconds:g} seconds",
    Uniform: "{one.lowest:g} to {one.highest:g} seconds",
    Normal: "about {one.mean:g} seconds (normal, deviation {one.deviation:g})",
    LogNormal: "about {one.median:g} seconds (log-normal, sigma {one.sigma:g})",
    Exponential: "{one.mean:g} seconds on average (exponential)",
}
