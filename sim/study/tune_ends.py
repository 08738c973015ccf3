"""Ranges that a scenario does not take are told before anything is simulated."""

from sim.errors import ScenarioError
from sim.study.prepare import Plan
from sim.study.tune_given import where_it_is
from sim.study.tune_space import Parameter
from sim.study.tune_trials import Trials


def check_ends(trials: Trials, given: Plan) -> None:
    """Refuse a parameter one of whose ends (of texts: any) the scenario never takes, whatever the others are.

    Raises
    ------
    ScenarioError
        As the scenario says it, with the value.
    """
    sizes = [len(one.values) for one in trials.space]
    rests = [tuple((size - 1) * part // 2 for size in sizes) for part in range(3)]  # all low, in the middle, high
    for place, one in enumerate(trials.space):
        for number in (0, sizes[place] - 1) if one.ordered else range(sizes[place]):
            asked = [(*rest[:place], number, *rest[place + 1 :]) for rest in rests]
            errors = [trials.look(setting).error for setting in asked]
            if errors[0] and all(errors):
                raise _refusal(errors[0], one, number, given)


def _refusal(error: ScenarioError, one: Parameter, number: int, given: Plan) -> ScenarioError:
    where, why, hint = error.args
    option = f"--param {one.key}={one.values[number]}"
    # a parameter's bare name is no key: where it is one tells more than what is spelt alike
    meant = where_it_is(given, one.key) if "." not in one.full_key else ""
    return ScenarioError(where if where.startswith("--param ") else f"{option}: {where}", why, meant or hint)
