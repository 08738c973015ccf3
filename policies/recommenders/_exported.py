"""A model that was trained elsewhere and exported: read from a file, held against our features, run by ONNX Runtime."""

import os
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from policies.recommenders._features import FEATURES, rows
from policies.recommenders._tastes import Double
from sim.schema.recommending import Single

KEY = "features"
"""Of the model's metadata: the names of the columns it was made for, comma-separated."""
MOST_BYTES = 1 << 30
FLOATS = "tensor(float)"


@dataclass(frozen=True)
class Exported:
    """A model as ONNX Runtime runs it: on one thread, a page at a time.

    Attributes
    ----------
    content : bytes
        Of the file.
    takes, gives : str
        Names of the input, float32[n, features], and of the output, float32[n], [n, 1] or [n, 2] (the last column).
    page : int
        Rows of every call: with always as many, what else is asked about cannot change a row's last bits.
    """

    content: bytes
    takes: str
    gives: str
    page: int

    @classmethod
    def read(cls, path: str, takes: str, gives: str, page: int) -> "Exported":
        """Return the model in a file under the working directory, once it takes and gives what it should.

        Raises
        ------
        ValueError
            With one line on what is wrong with the path, the file or the model.
        """
        found = cls(_content(path), takes, gives, page)
        try:
            session = found.session
        except ImportError as error:
            raise ValueError("running a model needs ONNX Runtime, which comes with the extra `onnx`") from error
        except Exception as error:  # whatever the runtime raises at a file that is no model
            raise ValueError(f"{path!r} is no model that ONNX Runtime can run: {_first_line(error)}") from error
        for why in _complaints(session, takes, gives, page):
            raise ValueError(f"{path!r}: {why}")
        return found

    @cached_property
    def session(self) -> Any:
        """What runs it."""
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.use_deterministic_compute = True
        # weights beside the file would be part of no digest: they are looked for where nothing can be
        options.add_session_config_entry("session.model_external_initializers_file_folder_path", os.devnull)
        options.log_severity_level = 4  # what is wrong is raised; a warning would only disturb the progress line
        return onnxruntime.InferenceSession(self.content, options, providers=["CPUExecutionProvider"])

    @property
    def artefact(self) -> dict[str, str]:
        """What identifies its answers."""
        import onnxruntime

        return {"sha256": sha256(self.content).hexdigest(), "onnxruntime": onnxruntime.__version__}

    def scores(self, features: Single) -> Double:
        """Return the model's score, shape (n, page), of columns of shape (n, features, page).

        Raises
        ------
        ValueError
            Where the model gives another number of scores than it was given rows.
        """
        found = np.empty((len(features), self.page))
        for i in range(len(features)):
            found[i] = self._page(rows(features[i : i + 1]))
        return found

    def _page(self, table: Single) -> Double:
        out = np.asarray(self.session.run([self.gives], {self.takes: table})[0])
        score = out[:, -1] if out.ndim == 2 and out.shape[1] in (1, 2) else out
        if score.shape != (len(table),):
            raise ValueError(f"the model's {self.gives!r} has shape {out.shape} for {len(table)} rows")
        return score.astype(np.float64)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the session behind: it is made anew where it is needed."""
        return {name: value for name, value in self.__dict__.items() if name != "session"}


def _content(path: str) -> bytes:
    """Return the bytes of a file under the working directory, wherever links lead."""
    here = Path.cwd().resolve()
    try:
        there = (here / path).resolve()
        if not there.is_relative_to(here):
            raise ValueError(f"{path!r} lies outside the working directory, where models are looked for")
        if not there.is_file():
            raise ValueError(f"{path!r} is no file under the working directory, where models are looked for")
        if there.stat().st_size > MOST_BYTES:
            raise ValueError(f"{path!r} is larger than 1 GB")
        return there.read_bytes()
    except OSError as error:
        raise ValueError(f"{path!r} cannot be read: {error.strerror or error}") from error


def _complaints(session: Any, takes: str, gives: str, page: int) -> Any:
    """Yield what keeps a model from being asked about our features, in a few words each."""
    inputs, outputs = ({one.name: one for one in some} for some in (session.get_inputs(), session.get_outputs()))
    for word, wanted, known in (("input", takes, inputs), ("output", gives, outputs)):
        if wanted not in known:
            yield f"it has no {word} {wanted!r}; it has {', '.join(known)}"
            return
        if known[wanted].type != FLOATS:
            yield f"its {word} {wanted!r} is {known[wanted].type}, allowed {FLOATS}"
    if others := [name for name in inputs if name != takes]:
        yield f"it also wants {', '.join(others)}, which nobody gives"
    if not _agrees(inputs[takes].shape, (page, len(FEATURES))):
        yield f"its {takes!r} has shape {inputs[takes].shape}, allowed [any or {page}, {len(FEATURES)}]"
    if not any(_agrees(outputs[gives].shape, shape) for shape in ((page,), (page, 1), (page, 2))):
        yield f"its {gives!r} has shape {outputs[gives].shape}, allowed [n], [n, 1] or [n, 2]"
    yield from _other_features(session.get_modelmeta().custom_metadata_map.get(KEY))


def _agrees(shape: Any, wanted: tuple[int, ...]) -> bool:
    """Tell whether a shape, in which names and None stand for any length, may be the one wanted."""
    if shape is None or len(shape) != len(wanted):
        return False
    return all(not isinstance(have, int) or have == want for have, want in zip(shape, wanted, strict=True))


def _other_features(said: str | None) -> Any:
    if said is None:
        yield f"its metadata has no {KEY!r}, the names of what it was made for (policies.ranking.told() gives them)"
        return
    names = tuple(said.split(","))
    for number, (its, ours) in enumerate(zip(names, FEATURES, strict=False)):
        if its != ours:
            yield f"its feature {number} is {its!r}, ours is {ours!r}"
            return
    if len(names) != len(FEATURES):
        yield f"it was made for {len(names)} features, we have {len(FEATURES)}"


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
