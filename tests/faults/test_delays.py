"""Delays: never negative, never above their bound, spread as their name says, the same on every Python."""

from __future__ import annotations

from statistics import fmean, median, pstdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_ccmm.errors import SetupError
from fake_ccmm.faults import (
    Delay,
    Distribution,
    Exponential,
    FaultRule,
    Fixed,
    LogNormal,
    Normal,
    Uniform,
    check_rule,
    draw,
)
from fake_ccmm.faults.delays import check_distribution
from fake_ccmm.faults.plan import chance

SECONDS = st.floats(0, 3600, allow_nan=False)
WIDTHS = st.floats(0, 1e308, allow_nan=False)
EVERY_KIND: st.SearchStrategy[Distribution] = st.one_of(
    st.builds(Fixed, SECONDS),
    st.tuples(SECONDS, SECONDS).map(lambda two: Uniform(min(two), max(two))),
    st.builds(Normal, SECONDS, SECONDS),
    st.builds(LogNormal, SECONDS, WIDTHS),
    st.builds(Exponential, SECONDS),
)
MANY = [(number + 0.5) / 20_000 for number in range(20_000)]


@given(one=EVERY_KIND, chance_=st.floats(2**-53, 1 - 2**-53))
def test_a_delay_is_never_negative_nor_above_its_bound(one: Distribution, chance_: float) -> None:
    check_distribution(one)
    seconds = draw(one, chance_)
    assert isinstance(seconds, float)
    assert 0 <= seconds <= 3600
    if isinstance(one, Uniform):
        assert one.lowest <= seconds <= one.highest


def test_each_distribution_spreads_as_its_name_says() -> None:
    fixed, uniform, normal, log_normal, exponential = (
        [draw(one, chance_) for chance_ in MANY]
        for one in (Fixed(2), Uniform(1, 3), Normal(10, 2), LogNormal(2, 0.5), Exponential(2))
    )
    assert set(fixed) == {2.0}
    assert fmean(uniform) == pytest.approx(2)
    assert (fmean(normal), pstdev(normal)) == pytest.approx((10, 2), rel=0.001)
    assert median(log_normal) == pytest.approx(2, rel=0.001)
    assert fmean(log_normal) > 2.2
    assert fmean(exponential) == pytest.approx(2, rel=0.001)


@pytest.mark.parametrize(
    ("one", "expected"),
    [
        (Fixed(1), 1.0),
        (Uniform(0.1, 0.5), 0.30306726409082435),
        (Normal(1, 0.25), 1.0048056027393886),
        (LogNormal(0.2, 0.75), 0.20290424632232976),
        (Exponential(0.5), 0.3543011593800086),
    ],
)
def test_the_same_chance_is_the_same_delay_on_every_python(one: Distribution, expected: float) -> None:
    assert draw(one, chance(2024, "late", 7, "delay")) == pytest.approx(expected, rel=1e-12)


def test_what_would_be_below_zero_is_zero_and_what_would_be_above_the_bound_is_the_bound() -> None:
    assert draw(Normal(1, 100), 0.01) == 0
    assert draw(Normal(1, 100, most=5), 0.99) == 5
    assert draw(LogNormal(1, 1e308), 0.99) == 3600


@pytest.mark.parametrize(
    ("one", "wrong"),
    [
        (Fixed(-0.1), "seconds is from 0 to 3600 seconds"),
        (Fixed(float("nan")), "seconds is from 0"),
        (Fixed(float("inf")), "seconds is from 0"),
        (Fixed(10**400), "seconds is from 0"),
        (Fixed(True), "seconds is from 0"),
        (Fixed("1"), "seconds is from 0"),  # type: ignore[arg-type]
        (Fixed(3601), "seconds is from 0 to 3600 seconds .most., not 3601"),
        (Fixed(1, most=0), "most is above 0"),
        (Fixed(1, most=float("inf")), "most is above 0 and at most 86400"),
        (Uniform(0.5, 0.1), "lowest is at most highest, but 0.5 is above 0.1"),
        (Uniform(0.5, float("nan")), "highest is from 0"),
        (Normal(-1, 1), "mean is from 0"),
        (Normal(1, -1), "deviation is from 0"),
        (LogNormal(-1, 1), "median is from 0"),
        (LogNormal(1, -1), "sigma is 0 or more"),
        (LogNormal(1, 10**400), "sigma is 0 or more"),
        (Exponential(float("-inf")), "mean is from 0"),
        ("soon", "distribution is one of fixed, uniform, normal, log-normal, exponential, not 'soon'"),
    ],
)
def test_numbers_that_make_no_sense_are_refused(one: Distribution, wrong: str) -> None:
    with pytest.raises(SetupError, match=f"^fault rule: {wrong}"):
        check_rule(FaultRule(do=Delay(one)))


def test_a_longer_bound_allows_a_longer_delay() -> None:
    check_distribution(Fixed(7200, most=7200))
    assert draw(Fixed(7200, most=7200), 0.5) == 7200
