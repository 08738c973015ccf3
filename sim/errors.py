"""What this package raises on purpose: one tree, each error one line that says where, what and what to do."""


class SimError(Exception):
    """Anything this package raises on purpose: ``SimError(where, why, hint)``.

    Positional only: SimPy rebuilds a failed process's exception as ``type(e)(*e.args)``.
    """

    def __init__(self, where: str, why: str, hint: str = "") -> None:
        super().__init__(where, why, hint)

    def __str__(self) -> str:
        where, why, hint = self.args
        return f"{where}: {why}{'' if why.endswith('.') else '.'} {hint}".rstrip()


class ScenarioError(SimError):
    """The scenario, its data or the command's words are wrong: exit code 2."""


class PolicyError(SimError):
    """A policy raised or answered nonsense where no fallback could serve: exit code 1."""


class InvariantError(SimError):
    """A law of the world was broken: the run stops and names the event, exit code 1."""
