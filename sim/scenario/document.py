"""YAML as plain values that know their places: no aliases, no tags, nothing twice, bounded in size and depth."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import inf, isfinite
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml import events as e
from ruamel.yaml.error import MarkedYAMLError, StringMark, YAMLError

from sim.errors import ScenarioError

MOST_CHARACTERS = 1_000_000
MOST_DEPTH = 50
MOST_DIGITS = 100

# The core schema of YAML 1.2.
_WORDS = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_REAL = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_ENDLESS = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")

Path = tuple[str | int, ...]


@dataclass(slots=True)
class Document:
    """What a text says, and where.

    Attributes
    ----------
    value : Any
        Mappings, lists, text, numbers, true, false, null.
    places : dict of str to str
        ``line:column`` of each dotted key, counted from 1.
    """

    value: Any = None
    places: dict[str, str] = field(default_factory=dict)


def dotted(path: Path) -> str:
    """Return a path as a dotted key; what cannot be printed is escaped."""
    text = ".".join(map(str, path))
    return text if text.isprintable() else ascii(text)[1:-1]


def read(text: str, name: str, *, inline: bool = False) -> Document:
    """Read one YAML document.

    Parameters
    ----------
    name : str
        What errors call the text: a file, or an option of the command.
    inline : bool
        The text is a value of the command line: a scalar or ``[...]`` or ``{...}``; places are not told.

    Raises
    ------
    ScenarioError
        Where the text is no YAML, or more of it than a scenario may be.
    """
    reader = _Reader(name, inline)
    if len(text) > MOST_CHARACTERS:
        raise ScenarioError(name, f"is longer than {MOST_CHARACTERS:,} characters")
    try:
        reader.read(text)
    except MarkedYAMLError as error:
        reader.refuse(error.problem_mark, " ".join(str(error.problem).split()))
    except YAMLError as error:  # a character that YAML has no place for
        reader.refuse(None, " ".join(str(error).split("\n")[0].split()))
    return reader.document


class _Reader:
    """Builds values from the parser's events: nothing is constructed that a scenario has no use for."""

    def __init__(self, name: str, inline: bool) -> None:
        self._name = name
        self._inline = inline
        self._events: Iterator[Any] = iter(())
        self.document = Document()

    def read(self, text: str) -> None:
        self._events = iter(YAML(typ="safe", pure=True).parse(text))
        next(self._events)  # the stream begins
        if isinstance(next(self._events), e.StreamEndEvent):
            self.refuse(None, "is empty")
        first = next(self._events)
        if self._inline and getattr(first, "flow_style", None) is False:
            self.refuse(None, "a value is text, a number, [...] or {...}", "Put quotes around text with a colon.")
        self.document.value = self._node(first, ())
        next(self._events)  # the document ends
        if not isinstance(more := next(self._events), e.StreamEndEvent):
            self.refuse(more.start_mark, "a second document begins here")

    def refuse(self, mark: StringMark | None, why: str, hint: str = "", path: Path = ()) -> NoReturn:
        place = f":{_place(mark)}" if mark and not self._inline else ""
        key = f": {dotted(path)}" if path else ""
        raise ScenarioError(f"{self._name}{place}{key}", why, hint)

    def _node(self, event: Any, path: Path) -> Any:
        self._check(event, path)
        self.document.places.setdefault(dotted(path), _place(event.start_mark))
        if isinstance(event, e.ScalarEvent):
            return self._scalar(event, path)
        if len(path) >= MOST_DEPTH:
            self.refuse(event.start_mark, f"lies more than {MOST_DEPTH} levels deep")
        if isinstance(event, e.SequenceStartEvent):
            return [self._node(item, (*path, i)) for i, item in enumerate(self._until(e.SequenceEndEvent))]
        mapping: dict[str, Any] = {}
        for key_event in self._until(e.MappingEndEvent):
            key = self._key(key_event, path, mapping)
            self.document.places[dotted((*path, key))] = _place(key_event.start_mark)
            mapping[key] = self._node(next(self._events), (*path, key))
        return mapping

    def _until(self, end: type) -> Iterator[Any]:
        while not isinstance(event := next(self._events), end):
            yield event

    def _check(self, event: Any, path: Path) -> None:
        if isinstance(event, e.AliasEvent):
            self.refuse(event.start_mark, f"aliases such as *{event.anchor:.40} are refused", "", path)
        if event.anchor is not None:
            self.refuse(event.start_mark, f"anchors such as &{event.anchor:.40} are refused", "", path)
        if event.tag is not None:
            self.refuse(event.start_mark, f"tags such as {event.tag:.40} are refused", "", path)

    def _key(self, event: Any, path: Path, mapping: dict[str, Any]) -> str:
        self._check(event, path)
        if not isinstance(event, e.ScalarEvent) or not isinstance(key := self._scalar(event, path), str):
            self.refuse(event.start_mark, "a key must be text", "", path)
        if key in mapping:
            first = self.document.places[dotted((*path, key))]
            self.refuse(event.start_mark, f"the key stands here a second time, first at {first}", "", (*path, key))
        return key

    def _scalar(self, event: Any, path: Path) -> Any:
        text: str = event.value
        if event.style == '"':
            return self._joined(text, event, path)
        if event.style or not event.implicit[0]:
            return text
        if text in _WORDS:
            return _WORDS[text]
        number = _number(text) if len(text) <= MOST_DIGITS else None
        if isinstance(number, float) and not isfinite(number):
            self.refuse(event.start_mark, f"found {text}, allowed a finite number", "", path)
        return text if number is None else number

    def _joined(self, text: str, event: Any, path: Path) -> str:
        """Join characters that were escaped in two halves, as in JSON; half a character is refused."""
        try:
            return text.encode("utf-16", "surrogatepass").decode("utf-16")
        except UnicodeDecodeError:
            self.refuse(event.start_mark, "the text holds half of an escaped character", "", path)


def _number(text: str) -> int | float | None:
    """Return a plain scalar as a number, or None where it is text."""
    if _WHOLE.fullmatch(text):
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _ENDLESS.fullmatch(text):
        return inf
    return float(text) if _REAL.fullmatch(text) else None


def _place(mark: StringMark) -> str:
    return f"{mark.line + 1}:{mark.column + 1}"
