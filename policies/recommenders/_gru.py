"""A recurrent network that foretells the next content: learned by PyTorch, walked as plain arrays."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from policies.recommenders._neighbours import Lists
from policies.recommenders._tastes import Double, Long
from sim.errors import PolicyError
from sim.schema.compiled import allocating, inner
from sim.schema.recommending import Bool, Int, Single

BATCH = 128
"""Sequences per gradient step."""
CONTRASTS = 512
"""Contents drawn per step, against which what came next must stand out."""


class Memory(NamedTuple):
    """The state after what each consumer acted on, kept because sessions have several pages.

    Attributes
    ----------
    state : float32[n_consumers, units]
    there : bool[n_consumers]
        Whether it has been worked out.
    """

    state: Single
    there: Bool


@dataclass(frozen=True, slots=True)
class Gru:
    """Learned weights; the gates stand in the order reset, update, new.

    Attributes
    ----------
    vector : float32[n_contents, units]
        What the state is compared with.
    bias : float32[n_contents]
    reads : float32[n_contents, 3 units]
        What the gates get from reading a content: its vector through the input's weights.
    from_state : float64[units, 3 units]
    state_bias : float64[3 units]
    learned : bool[n_contents]
        Whether a content was in any sequence.
    """

    vector: Single
    bias: Single
    reads: Single
    from_state: Double
    state_bias: Double
    learned: Bool

    def memory(self, n_consumers: int) -> Memory:
        """Return room for what the network thinks of each consumer; filled when first asked for."""
        return Memory(np.zeros((n_consumers, self.vector.shape[1]), np.float32), np.zeros(n_consumers, np.bool_))

    def scores(self, consumer: Int, recent: Int, candidate: Int, before: Lists, most: int, memory: Memory) -> Double:
        """Return ``exp(logit - largest logit of the row)`` per candidate; 0 where nothing was learned of it.

        Parameters
        ----------
        consumer : int32[n]
        recent : int32[n, r]
            The session's clicks, newest first, -1 padded: read after what came before.
        candidate : int32[n, m]
            -1 padded at the end.
        before : Lists
            What each consumer acted on before, newest first.
        most : int
            Contents read of that.
        """
        found: Double = _scores(
            consumer, recent, candidate, before.start, before.member, most, memory.state, memory.there, self.vector,
            self.bias, self.reads, self.from_state, self.state_bias, self.learned,
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
    steps = torch.optim.Adam([vector, bias, *unit.parameters()], lr=learning_rate, fused=True)
    for _ in range(epochs):
        order = rng.permutation(len(sequences))
        for at in range(0, len(order), BATCH):
            drawn = np.unique(rng.integers(0, n_contents, CONTRASTS))
            loss = _loss(torch, sequences[order[at : at + BATCH]], drawn, vector, bias, unit)
            steps.zero_grad()
            loss.backward()
            steps.step()
    return vector, bias, unit


def _loss(torch: Any, batch: Int, drawn: Long, vector: Any, bias: Any, unit: Any) -> Any:
    """Return the mean of ``ln(1 + sum over drawn of exp(logit) / exp(logit of what came next))``."""
    look_up = torch.nn.functional.embedding  # its gradient is far quicker than that of an index
    to_come = batch[:, 1:].ravel()
    real = np.flatnonzero(to_come >= 0)
    right = to_come[real].astype(np.int64)
    state = unit(look_up(torch.from_numpy(np.maximum(batch[:, :-1], 0).astype(np.int64)), vector))[0]
    state = state.reshape(-1, state.shape[2]).index_select(0, torch.from_numpy(real))
    wanted, against = torch.from_numpy(right), torch.from_numpy(drawn)
    own = (state * look_up(wanted, vector)).sum(dim=1) + look_up(wanted, bias[:, None])[:, 0]
    others = torch.addmm(look_up(against, bias[:, None])[:, 0], state, look_up(against, vector).T)
    place = np.minimum(np.searchsorted(drawn, right), len(drawn) - 1)
    same = np.flatnonzero(drawn[place] == right)  # what came next does not stand against itself
    itself = torch.from_numpy(same), torch.from_numpy(place[same])
    others = others.index_put(itself, torch.tensor(float("-inf")))
    return torch.nn.functional.softplus(torch.logsumexp(others, dim=1) - own).mean()


def _exported(vector: Any, bias: Any, unit: Any, sequences: Int) -> Gru:
    def plain(tensor: Any) -> Double:
        return np.ascontiguousarray(tensor.detach().numpy().astype(np.float64))

    learned = np.zeros(len(bias), bool)
    learned[sequences[sequences >= 0]] = True
    vectors, from_input = plain(vector), plain(unit.weight_ih_l0.T)
    reads = _read(vectors, from_input, plain(unit.bias_ih_l0))
    from_state, state_bias = plain(unit.weight_hh_l0.T), plain(unit.bias_hh_l0)
    return Gru(vectors.astype(np.float32), plain(bias).astype(np.float32), reads, from_state, state_bias, learned)


@allocating
def _read(vector, weight, bias):  # type: ignore[no-untyped-def]  # numba compiles it from the arguments
    out = np.empty((len(vector), len(bias)), np.float32)
    line = np.empty(len(bias))
    for c in range(len(vector)):
        _through(vector[c], weight, bias, line)
        out[c] = line
    return out


@allocating
def _scores(  # type: ignore[no-untyped-def]  # as above
    consumer, recent, candidate, start, held, most, memory, there, vector, bias, reads, from_state, state_bias, learned
):
    out = np.zeros(candidate.shape)
    units = vector.shape[1]
    state, of_state = np.empty(units), np.empty(3 * units)
    for i in range(len(consumer)):
        u = consumer[i]
        if not there[u]:
            state[:] = 0.0
            own = held[start[u] : min(start[u + 1], start[u] + most)]
            _through_all(state, own, reads, from_state, state_bias, learned, of_state)
            memory[u] = state
            there[u] = True
        state[:] = memory[u]
        _through_all(state, recent[i], reads, from_state, state_bias, learned, of_state)
        _compare(state, candidate[i], vector, bias, learned, out[i])
    return out


@inner
def _through_all(state, contents, reads, from_state, state_bias, learned, of_state):  # type: ignore[no-untyped-def]
    """Read contents, the last of them first."""
    for at in range(len(contents) - 1, -1, -1):
        c = contents[at]
        if c >= 0 and learned[c]:
            _through(state, from_state, state_bias, of_state)
            _step(state, reads[c], of_state)


@inner
def _compare(state, candidate, vector, bias, learned, out):  # type: ignore[no-untyped-def]  # as above
    largest = -np.inf
    for j in range(len(candidate)):
        c = candidate[j]
        if c >= 0 and learned[c]:
            even = odd = 0.0  # two sums at a time: each waits for its own last step only
            for f in range(0, len(state) - 1, 2):
                even += state[f] * vector[c, f]
                odd += state[f + 1] * vector[c, f + 1]
            if len(state) % 2:
                even += state[-1] * vector[c, len(state) - 1]
            out[j] = bias[c] + (even + odd)
            largest = max(largest, out[j])
    for j in range(len(candidate)):
        c = candidate[j]
        if c >= 0 and learned[c]:
            out[j] = np.exp(out[j] - largest)


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
        new = 1.0 - 2.0 / (1.0 + np.exp(2.0 * (of_input[2 * n + f] + reset * of_state[2 * n + f])))  # tanh
        state[f] = (1.0 - update) * new + update * state[f]
