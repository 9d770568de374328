"""Which calls are struck: counting, chance that can be replayed, and rules that leave each other alone."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_ccmm.calls import OPERATIONS, CallPattern
from fake_ccmm.errors import SetupError
from fake_ccmm.faults import (
    CampaignCloses,
    Decision,
    Delay,
    Empty,
    ExpireSession,
    Exponential,
    FaultPlan,
    FaultRule,
    Fixed,
    HttpError,
    RejectKey,
    Reset,
    SecondLogin,
    TooSoonAction,
    UnknownFaultRule,
)
from fake_ccmm.faults.plan import chance

CLOSE = "CloseContact"
SEEDS = st.integers(-(2**70), 2**70)
CALLS = st.lists(
    st.tuples(st.sampled_from([*OPERATIONS, None]), st.sampled_from(["Ada", "Ben", None]), st.integers(1, 3)),
    max_size=60,
)
LATE = Delay(Exponential(0.5))


@st.composite
def rules(draw: st.DrawFn, name: str = "") -> FaultRule:
    """Any rule with any way to count."""
    operation = draw(st.sampled_from([None, CLOSE, "GetCampaigns"]))
    which = draw(st.sampled_from(["nth", "every", "neither"]))
    return FaultRule(
        name=name,
        when=CallPattern(operation, draw(st.sampled_from([None, "Ada"]))),
        skip=draw(st.integers(0, 3)),
        nth=draw(st.integers(1, 5)) if which == "nth" else None,
        every=draw(st.integers(1, 5)) if which == "every" else None,
        rate=draw(st.sampled_from([1.0, 0.5, 0.1])),
        budget=draw(st.none() | st.integers(1, 5)),
        do=draw(st.sampled_from([Reset(), LATE, HttpError(503), RejectKey() if operation else Reset()])),
    )


def decide(plan: FaultPlan, operation: str | None = CLOSE, user: str | None = "Ada", **arguments: Any) -> Decision:
    return plan.decide(operation, user, arguments)


def struck(plan: FaultPlan, calls: int) -> list[int]:
    """The numbers, from 1, of those of so many CloseContact calls that are struck."""
    return [number for number in range(1, calls + 1) if decide(plan).rule]


def decisions(plan: FaultPlan, calls: Sequence[tuple[str | None, str | None, int]]) -> list[Decision]:
    return [decide(plan, operation, user, campaign_id=campaign_id) for operation, user, campaign_id in calls]


def test_a_plan_without_rules_is_not_active_and_lets_every_call_by() -> None:
    plan = FaultPlan()
    assert (plan.active, plan.rules(), plan.seed) == (False, [], 0)
    assert decide(plan) == Decision(0.0, None)
    rule = plan.add(FaultRule(do=Reset()))
    assert plan.active
    plan.remove(rule.name)
    assert not plan.active
    plan.add(rule)
    plan.clear()
    assert (plan.active, plan.rules()) == (False, [])


@pytest.mark.parametrize(
    ("counting", "expected"),
    [
        ({}, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        ({"nth": 3}, [3]),
        ({"every": 3}, [3, 6, 9]),
        ({"budget": 2}, [1, 2]),
        ({"skip": 4}, [5, 6, 7, 8, 9]),
        ({"skip": 2, "nth": 3}, [5]),
        ({"skip": 2, "every": 3}, [5, 8]),
        ({"skip": 2, "every": 3, "budget": 1}, [5]),
        ({"skip": 9}, []),
    ],
)
def test_a_rule_strikes_the_calls_it_counts(counting: dict[str, int], expected: list[int]) -> None:
    plan = FaultPlan([FaultRule(name="a", do=Reset(), **counting)])  # type: ignore[arg-type]
    assert struck(plan, 9) == expected
    (rule,) = plan.rules()
    assert (rule.matched, rule.struck) == (9, len(expected))
    assert plan.active


@given(skip=st.integers(0, 50), every=st.integers(1, 20), calls=st.integers(0, 120), seed=SEEDS)
def test_every_nth_is_exact(skip: int, every: int, calls: int, seed: int) -> None:
    plan = FaultPlan([FaultRule(skip=skip, every=every, do=Reset())], seed)
    assert struck(plan, calls) == list(range(skip + every, calls + 1, every))


@given(rate=st.floats(0.01, 1), seed=SEEDS)
def test_a_rate_over_many_calls_is_nearly_met(rate: float, seed: int) -> None:
    plan = FaultPlan([FaultRule(rate=rate, do=Reset())], seed)
    # Whatever the rate, one run in a hundred million lies further off (Hoeffding's inequality).
    assert len(struck(plan, 2000)) == pytest.approx(2000 * rate, abs=140)


@given(rule=rules("a"), calls=CALLS, seed=SEEDS)
def test_a_budget_is_never_exceeded(rule: FaultRule, calls: Any, seed: int) -> None:
    plan = FaultPlan([rule], seed)
    strikes = [one for one in decisions(plan, calls) if one.rule or one.delayed_by]
    (after,) = plan.rules()
    assert len(strikes) == after.struck <= after.matched <= len(calls)
    assert rule.budget is None or after.struck <= rule.budget
    assert replace(after, matched=0, struck=0) == rule


@given(several=st.lists(rules(), max_size=5), calls=CALLS, seed=SEEDS)
def test_two_plans_with_one_seed_agree_call_by_call(several: list[FaultRule], calls: Any, seed: int) -> None:
    one, other = FaultPlan(several, seed), FaultPlan(several, seed)
    assert decisions(one, calls) == decisions(other, calls)
    assert one.state() == other.state()


def test_another_seed_strikes_other_calls() -> None:
    rule = FaultRule(rate=0.5, do=Reset())
    runs = [struck(FaultPlan([rule], seed), 40) for seed in range(5)]
    assert len({tuple(run) for run in runs}) == 5


def test_two_rules_of_one_rate_strike_independently() -> None:
    late = FaultRule(rate=0.5, do=LATE)
    plan = FaultPlan([late, late])
    both = [len(decide(plan).delayed_by) for _ in range(400)]
    assert 60 < both.count(2) < 140


def test_the_same_seed_strikes_the_same_calls_on_every_python() -> None:
    assert struck(FaultPlan([FaultRule(rate=0.3, do=Reset())], seed=7), 30) == [1, 10, 14, 16, 17, 18, 19, 24, 27, 28]
    plan = FaultPlan([FaultRule(name="late", do=Delay(Exponential(1)))], seed=7)
    assert [decide(plan).delay_seconds for _ in range(3)] == pytest.approx(
        [0.11971231435572671, 1.5462508779745219, 0.028956770611919397], rel=1e-12
    )
    assert chance(-7, "lost", 12, "strike") == 0.4061167267434499


@given(
    rule=rules("mine"),
    others=st.lists(rules(), min_size=2, max_size=3),
    calls=CALLS,
    seed=SEEDS,
    data=st.data(),
)
def test_the_order_of_other_rules_does_not_change_a_rules_own_strikes(
    rule: FaultRule, others: list[FaultRule], calls: Any, seed: int, data: st.DataObject
) -> None:
    # Which of the others gets a call may change what is left of their budgets, so they have none.
    others = [replace(other, name=f"other-{place}", budget=None) for place, other in enumerate(others)]
    runs = []
    for order in permutations(others):
        run = decisions(FaultPlan([*order, rule], seed), calls)
        runs.append([(one.rule is not None and one.rule.name == "mine", "mine" in one.delayed_by) for one in run])
    assert all(run == runs[0] for run in runs)
    # Put first, nothing at all that others do comes before it.
    alone = [(one.rule, one.delayed_by) for one in decisions(FaultPlan([rule], seed), calls)]
    first = decisions(FaultPlan([rule, *others], seed), calls)
    named = [one.rule if one.rule and one.rule.name == "mine" else None for one in first]
    assert [
        (own, tuple(name for name in one.delayed_by if name == "mine")) for own, one in zip(named, first, strict=True)
    ] == alone


@given(several=st.lists(rules(), max_size=4), before=CALLS, after=CALLS, seed=SEEDS)
def test_a_plan_put_back_replays_what_came_after(several: list[FaultRule], before: Any, after: Any, seed: int) -> None:
    plan = FaultPlan(several, seed)
    decisions(plan, before)
    state = plan.state()
    first = decisions(plan, after)
    end = plan.rules()
    plan.replace_all([FaultRule(name="quite-another", do=Empty())], 99)
    plan.restore(state)
    assert plan.state() == state
    assert plan.active == bool(several)
    assert decisions(plan, after) == first
    assert plan.rules() == end


@given(several=st.lists(rules(), max_size=4), before=CALLS, after=CALLS, seed=SEEDS)
def test_a_plan_made_from_the_rules_of_another_goes_on_where_that_stands(
    several: list[FaultRule], before: Any, after: Any, seed: int
) -> None:
    plan = FaultPlan(several, seed)
    decisions(plan, before)
    copy = FaultPlan(plan.rules(), plan.seed)
    assert decisions(copy, after) == decisions(plan, after)


def test_delays_add_up_and_the_first_other_rule_that_strikes_has_the_call() -> None:
    rules = [
        FaultRule(name="late", do=Delay(Fixed(0.5))),
        FaultRule(name="reset", every=2, do=Reset()),
        FaultRule(name="later", nth=2, do=Delay(Fixed(2))),
        FaultRule(name="busy", do=HttpError(503)),
    ]
    plan = FaultPlan(rules)
    first, second, third = (decide(plan) for _ in range(3))
    assert (first.delay_seconds, first.delayed_by, first.rule and first.rule.name) == (0.5, ("late",), "busy")
    assert (second.delay_seconds, second.delayed_by, second.rule and second.rule.name) == (
        2.5,
        ("late", "later"),
        "reset",
    )
    assert (third.delay_seconds, third.rule and third.rule.do) == (0.5, HttpError(503))


def test_a_rule_that_came_too_late_keeps_its_budget() -> None:
    plan = FaultPlan([FaultRule(name="first", budget=2, do=Reset()), FaultRule(name="then", budget=1, do=Empty())])
    names = [found.name if (found := decide(plan).rule) else None for _ in range(4)]
    assert names == ["first", "first", "then", None]
    assert [(rule.matched, rule.struck) for rule in plan.rules()] == [(4, 2), (4, 1)]


def test_a_decision_carries_the_rule_with_its_counters() -> None:
    plan = FaultPlan([FaultRule(name="a", every=2, do=Reset())])
    assert struck(plan, 3) == [2]
    rule = decide(plan).rule
    assert rule is not None
    assert (rule.name, rule.matched, rule.struck) == ("a", 4, 2)


def test_only_calls_the_pattern_picks_out_are_counted() -> None:
    when = CallPattern(CLOSE, "Ada", {"contact_id": 7})
    plan = FaultPlan([FaultRule(when=when, nth=2, do=Reset())])
    assert decide(plan, contact_id=7).rule is None
    for other in (
        decide(plan, contact_id=8),
        decide(plan, user="Ben", contact_id=7),
        decide(plan, "GetContactStatus", contact_id=7),
    ):
        assert other.rule is None
    assert decide(plan, contact_id=7).rule is not None
    assert plan.rules()[0].matched == 2


@pytest.mark.parametrize(
    ("action", "operation", "other"),
    [
        (SecondLogin(), "OutboundLogin", "OutboundLogoff"),
        (TooSoonAction(), CLOSE, "GetCampaigns"),
        (TooSoonAction(), "AppendContactsToCampaign", "OutboundLogin"),
        (ExpireSession(), "GetCampaigns", "OutboundLogin"),
        (RejectKey(), CLOSE, "OutboundLogoff"),
        (CampaignCloses(), CLOSE, "GetCampaigns"),
        (CampaignCloses(campaign_id=1), "GetCampaigns", None),
    ],
)
def test_calls_to_which_it_cannot_happen_are_not_counted(action: Any, operation: str, other: str | None) -> None:
    plan = FaultPlan([FaultRule(nth=1, do=action)])
    assert decide(plan, other).rule is None
    assert plan.rules()[0].matched == 0
    assert decide(plan, operation).rule is not None


def test_a_request_that_could_not_be_read_is_struck_by_rules_that_ask_for_nothing_alone() -> None:
    asking = [CallPattern(CLOSE), CallPattern(user="Ada"), CallPattern(arguments={"campaign_id": 1})]
    plan = FaultPlan([FaultRule(when=when, do=Reset()) for when in asking])
    plan.add(FaultRule(do=RejectKey()))
    plan.add(FaultRule(name="any", do=Empty()))
    rule = decide(plan, None, None).rule
    assert rule is not None
    assert rule.name == "any"
    assert [one.matched for one in plan.rules()] == [0, 0, 0, 0, 1]


def test_rules_without_a_name_are_given_free_ones() -> None:
    nameless = FaultRule(do=Reset())
    plan = FaultPlan([nameless, replace(nameless, name="fault-1"), nameless])
    assert [rule.name for rule in plan.rules()] == ["fault-2", "fault-1", "fault-3"]
    assert plan.remove("fault-3").name == "fault-3"
    assert plan.add(nameless).name == "fault-4"
    plan.clear()
    assert plan.add(nameless).name == "fault-1"


def test_a_name_is_not_given_out_again_after_going_back() -> None:
    nameless = FaultRule(do=Reset())
    plan = FaultPlan([nameless, nameless])
    plan.remove("fault-2")
    plan.restore(plan.state())
    assert plan.add(nameless).name == "fault-3"


def test_a_name_that_is_taken_is_refused() -> None:
    rule = FaultRule(name="a", do=Reset())
    plan = FaultPlan([rule])
    with pytest.raises(SetupError, match="fault rule a: there is one with this name; take another"):
        plan.add(rule)
    with pytest.raises(SetupError, match="fault rule b: there is one with this name"):
        FaultPlan([replace(rule, name="b")] * 2)


def test_a_rule_can_be_taken_out_by_its_name_and_comes_with_its_counters() -> None:
    plan = FaultPlan([FaultRule(name="a", do=Reset()), FaultRule(name="b", do=Empty())])
    decide(plan)
    assert plan.remove("a") == FaultRule(name="a", do=Reset(), matched=1, struck=1)
    assert [rule.name for rule in plan.rules()] == ["b"]
    with pytest.raises(UnknownFaultRule, match=r"no fault rule is called 'a'; .*b"):
        plan.remove("a")
    plan.clear()
    with pytest.raises(UnknownFaultRule, match="no fault rule is called 'a'; there is none"):
        plan.remove("a")


@pytest.mark.parametrize(
    ("rules", "seed"),
    [
        ([FaultRule(name="c", do=Reset()), FaultRule(nth=0, do=Reset())], 5),
        ([FaultRule(name="c", do=Reset()), FaultRule(name="c", do=Empty())], 5),
        ([FaultRule(name="c", do=Reset())], "5"),
        ([FaultRule(name="c", do=Reset())], True),
    ],
)
def test_rules_are_replaced_all_or_not_at_all(rules: list[FaultRule], seed: Any) -> None:
    plan = FaultPlan([FaultRule(do=Reset())], seed=3)
    decide(plan)
    before = plan.state()
    with pytest.raises(SetupError):
        plan.replace_all(rules, seed)
    assert plan.state() == before
    plan.replace_all([], 8)
    assert (plan.rules(), plan.seed, plan.active) == ([], 8, False)


def test_a_rule_that_makes_no_sense_is_not_added() -> None:
    plan = FaultPlan()
    with pytest.raises(SetupError, match="second-login cannot happen to GetCampaigns"):
        plan.add(FaultRule(when=CallPattern("GetCampaigns"), do=SecondLogin()))
    assert not plan.active


def test_a_seed_is_a_whole_number() -> None:
    plan = FaultPlan()
    plan.seed = -12
    assert plan.seed == -12
    wrong: Any = 1.5
    with pytest.raises(SetupError, match=r"seed of the fault rules is a whole number, not 1\.5"):
        plan.seed = wrong
    assert plan.seed == -12


def test_a_predicate_may_ask_the_plan_itself() -> None:
    plan = FaultPlan()
    when = CallPattern(CLOSE, arguments={"contact_id": lambda contact_id: contact_id > len(plan.rules())})
    plan.add(FaultRule(when=when, do=Reset()))
    assert decide(plan, contact_id=1).rule is None
    assert decide(plan, contact_id=2).rule is not None


def test_many_threads_share_one_budget_and_lose_no_count() -> None:
    plan = FaultPlan([FaultRule(name="a", every=2, budget=300, do=Reset()), FaultRule(name="b", do=Delay(Fixed(1)))])
    found: list[int] = []
    start = threading.Barrier(4)

    def call() -> None:
        start.wait()
        found.append(len(struck(plan, 250)))

    threads = [threading.Thread(target=call) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(found) == 300
    assert [(rule.matched, rule.struck) for rule in plan.rules()] == [(1000, 300), (1000, 1000)]
