"""A recurrent network that foretells the next content: learned by PyTorch, walked as plain arrays."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from policies.recommenders._tastes import Double
from sim.errors import PolicyError
from sim.schema.compiled import allocating, inner
from sim.schema.recommending import Bool, Int

BATCH = 128
"""Sequences per gradient step."""
CONTRASTS = 512
"""Contents drawn per step, against which what came next must stand out."""


@dataclass(frozen=True, slots=True)
class Gru:
    """Learned weights; the gates stand in the order reset, update, new.

    Attributes
    ----------
    vector : float64[n_contents, units]
        What goes in, and what the state is compared with.
    bias : float64[n_contents]
    from_input, from_state : float64[units, 3 units]
    input_bias, state_bias : float64[3 units]
    learned : bool[n_contents]
        Whether a content was in any sequence.
    """

    vector: Double
    bias: Double
    from_input: Double
    from_state: Double
    input_bias: Double
    state_bias: Double
    learned: Bool

    def scores(self, profile: Int, candidate: Int) -> Double:
        """Return ``exp(logit - largest logit of the row)`` per candidate; 0 where nothing was learned of it.

        Parameters
        ----------
        profile : int32[n, p]
            Newest first, -1 padded at the end.
        candidate : int32[n, m]
            -1 padded at the end.
        """
        found: Double = _scores(
            profile, candidate, self.vector, self.bias, self.from_input, self.from_state, self.input_bias,
            self.state_bias, self.learned,
        )  # fmt: skip
        return found


def learn(
    sequences: Int, n_contents: int, units: int, epochs: int, learning_rate: float, rng: np.random.Generator
) -> Gru:
    """Return a network that has seen each sequence ``epochs`` times.

    ``loss = -ln softmax(h_t . v + b)`` of what came next, over `CONTRASTS` contents drawn for the step and itself, h
    the state of a gated recurrent unit that has read the sequence so far.

    Parameters
    ----------
    sequences : int32[n, length]
        Oldest first, -1 padded at the end.
    """
    torch = _torch()
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # the number of threads would show in the last bits
    try:
        return _exported(*_trained(torch, sequences, n_contents, units, epochs, learning_rate, rng), sequences)
    finally:
        torch.set_num_threads(threads)


def _torch() -> Any:
    try:
        import torch
    except ImportError as error:
        why = "learning needs PyTorch, which is not installed"
        raise PolicyError("sequence_gru", why, "It comes with the extra `deep`.") from error
    return torch


def _trained(
    torch: Any, sequences: Int, n_contents: int, units: int, epochs: int, learning_rate: float, rng: np.random.Generator
) -> tuple[Any, Any, Any]:
    """Return (vectors, biases, unit); all luck comes from ``rng``, none from PyTorch's own state."""
    spread = 1 / np.sqrt(units)
    vector = torch.tensor(rng.normal(0, spread, (n_contents, units)), dtype=torch.float32, requires_grad=True)
    bias = torch.zeros(n_contents, requires_grad=True)
    with torch.random.fork_rng(devices=[]):
        unit = torch.nn.GRU(units, units, batch_first=True)
    with torch.no_grad():
        for weight in unit.parameters():
            weight.copy_(torch.tensor(rng.uniform(-spread, spread, tuple(weight.shape))))
    steps = torch.optim.Adam([vector, bias, *unit.parameters()], lr=learning_rate)
    for _ in range(epochs):
        order = rng.permutation(len(sequences))
        for at in range(0, len(order), BATCH):
            drawn = rng.integers(0, n_contents, CONTRASTS)
            loss = _loss(torch, sequences[order[at : at + BATCH]], drawn, vector, bias, unit)
            steps.zero_grad()
            loss.backward()
            steps.step()
    return vector, bias, unit


def _loss(torch: Any, batch: Int, drawn: NDArray[np.int64], vector: Any, bias: Any, unit: Any) -> Any:
    read, to_come = torch.tensor(np.maximum(batch[:, :-1], 0)).long(), torch.tensor(batch[:, 1:]).long()
    real = to_come >= 0
    state = unit(vector[read])[0][real]
    right = to_come[real]
    against = torch.tensor(drawn)
    own = (state * vector[right]).sum(dim=1) + bias[right]
    others = state @ vector[against].T + bias[against]
    others = others.masked_fill(right[:, None] == against[None, :], float("-inf"))
    return (torch.logsumexp(torch.cat((own[:, None], others), dim=1), dim=1) - own).mean()


def _exported(vector: Any, bias: Any, unit: Any, sequences: Int) -> Gru:
    def plain(tensor: Any) -> Double:
        return np.ascontiguousarray(tensor.detach().numpy().astype(np.float64))

    learned = np.zeros(len(bias), bool)
    learned[sequences[sequences >= 0]] = True
    from_input, from_state = plain(unit.weight_ih_l0.T), plain(unit.weight_hh_l0.T)
    return Gru(
        plain(vector), plain(bias), from_input, from_state, plain(unit.bias_ih_l0), plain(unit.bias_hh_l0), learned
    )


@allocating
def _scores(  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    profile, candidate, vector, bias, from_input, from_state, input_bias, state_bias, learned
):
    out = np.zeros(candidate.shape)
    units = vector.shape[1]
    state, of_input, of_state = np.empty(units), np.empty(3 * units), np.empty(3 * units)
    for i in range(len(profile)):
        state[:] = 0.0
        for c in profile[i, ::-1]:
            if c >= 0 and learned[c]:
                _through(vector[c], from_input, input_bias, of_input)
                _through(state, from_state, state_bias, of_state)
                _step(state, of_input, of_state)
        largest = -np.inf
        for j in range(candidate.shape[1]):
            c = candidate[i, j]
            if c >= 0 and learned[c]:
                out[i, j] = bias[c]
                for f in range(units):
                    out[i, j] += state[f] * vector[c, f]
                largest = max(largest, out[i, j])
        for j in range(candidate.shape[1]):
            c = candidate[i, j]
            if c >= 0 and learned[c]:
                out[i, j] = np.exp(out[i, j] - largest)
    return out


@inner
def _through(x, weight, bias, out):  # type: ignore[no-untyped-def]  # as above
    for j in range(len(out)):
        out[j] = bias[j]
    for i in range(len(x)):
        value, line = x[i], weight[i]
        for j in range(len(out)):
            out[j] += value * line[j]


@inner
def _step(state, of_input, of_state):  # type: ignore[no-untyped-def]  # as above
    n = len(state)
    for f in range(n):
        reset = 1.0 / (1.0 + np.exp(-(of_input[f] + of_state[f])))
        update = 1.0 / (1.0 + np.exp(-(of_input[n + f] + of_state[n + f])))
        new = np.tanh(of_input[2 * n + f] + reset * of_state[2 * n + f])
        state[f] = (1.0 - update) * new + update * state[f]
