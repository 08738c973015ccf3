"""Who a policy is, for the manifest and the hash: its class, its parameters, the digest of its code."""

import ast
import importlib.util
from hashlib import blake2b
from pathlib import Path
from typing import Any

from sim.policy.nested import is_policy
from sim.policy.parameters import values
from sim.policy.takeover import Takeover


def identity(policy: Any) -> dict[str, Any]:
    """Return ``{"class", "parameters", "code"}``.

    ``code`` digests the policy's file, and the files of its own top-level package which that one imports.
    Among the parameters a policy is told as its own identity.  A policy whose answers come from elsewhere (a service,
    an exported model) says from what by ``artefact()``, which is told too.
    """
    if isinstance(policy, Takeover):
        return {**identity(policy.original), "bootstrap": identity(policy.first)}
    policy = getattr(policy, "original", policy)  # behind a process of its own it is who it was
    cls = type(policy)
    sources = sorted(_sources(cls.__module__, {}).items())
    digest = blake2b(digest_size=16)
    for module, content in sources:
        digest.update(f"{module}:{len(content)}:".encode() + content)
    name = f"{cls.__module__}:{cls.__qualname__}"
    parameters = {key: _told(value) for key, value in values(policy).items()}
    artefact = {"artefact": policy.artefact()} if hasattr(policy, "artefact") else {}
    return {"class": name, "parameters": parameters, "code": digest.hexdigest(), **artefact}


def _told(value: Any) -> Any:
    if isinstance(value, tuple) and any(map(is_policy, value)):
        return [_told(one) for one in value]
    return identity(value) if is_policy(value) else value


def _sources(module: str, found: dict[str, bytes]) -> dict[str, bytes]:
    """Collect the source of ``module`` and of what it imports from the same top-level package."""
    if module in found or (content := _source(module)) is None:
        return found
    found[module] = content
    package = module.partition(".")[0]
    for name in _imports(content, module):
        if name.partition(".")[0] == package:
            _sources(name, found)
    return found


def _source(module: str) -> bytes | None:
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):
        return None
    path = Path(spec.origin) if spec and spec.origin else None
    return path.read_bytes() if path and path.is_file() else None


def _imports(content: bytes, module: str) -> list[str]:
    names: list[str] = []
    for node in ast.walk(ast.parse(content)):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parent = module.split(".")[: -node.level]
                base = ".".join([*parent, *([base] if base else [])])
            names += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return names
