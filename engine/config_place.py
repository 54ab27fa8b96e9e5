"""Where in a configuration file a problem is, said so that the user finds and mends it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

# How msgspec writes the key of a mapping, and what takes its place while the path is split.
_MSGSPEC_ENTRY = "[...]"
_ANY_KEY = "*"


Entries = Mapping[str, type[Struct]]
"""Dotted key of a mapping by name to what its values are."""


def located(
    path: Path, text: str, tree: dict[str, Any], problem: str, root: Struct, entries: Entries
) -> str:
    """`file:line: key: problem`, with the value, or the allowed keys where a key is unknown.

    Args:
        path: The file.
        text: Its text.
        tree: Its content.
        problem: Message in the form of msgspec, with the place as "- at `$.a.b`" at its end.
        root: An instance of the whole configuration with its defaults.
        entries: The mappings by name.
    """
    where = re.search(r" - at (?:`key` in )?`\$\.?([^`]*)`$", problem)
    dotted = where.group(1).replace(_MSGSPEC_ENTRY, f".{_ANY_KEY}") if where else ""
    keys = _named([key for key in dotted.split(".") if key], tree, entries)
    what = problem[: where.start()] if where else problem
    unknown = re.search(r"unknown field `([^`]+)`", what)
    if unknown:
        if "allowed are" not in what:
            what += f": allowed are {', '.join(_fields_at(keys, root, entries))}"
        keys.append(unknown.group(1))
    else:
        what += _value_at(keys, tree)
    return f"{path}:{_line_of(text, keys)}: {'.'.join(keys)}: {what}"


def _named(keys: list[str], tree: dict[str, Any], entries: Entries) -> list[str]:
    """`keys` with the name of the entry that fails in place of `*`."""
    if _ANY_KEY not in keys:
        return keys
    at = keys.index(_ANY_KEY)
    node: Any = tree
    for key in keys[:at]:
        node = node[key]
    entry = entries[".".join(keys[:at])]
    return [*keys[:at], next(name for name in node if _fails(node[name], entry)), *keys[at + 1 :]]


def _fails(value: Any, entry: type[Struct]) -> bool:
    try:
        msgspec.convert(value, entry)
    except msgspec.ValidationError:
        return True
    return False


def _fields_at(keys: list[str], root: Struct, entries: Entries) -> list[str]:
    node: Any = root
    for depth, key in enumerate(keys):
        node = entries[".".join(keys[:depth])] if isinstance(node, dict) else getattr(node, key)
    return [field.name for field in msgspec.structs.fields(node)]


def _value_at(keys: list[str], tree: dict[str, Any]) -> str:
    """What the file says at `keys`; empty for a table and for what it leaves out."""
    node: Any = tree
    for key in keys:
        if key not in node:
            return ""
        node = node[key]
    return "" if isinstance(node, dict) else f" (it is {node!r})"


def _line_of(text: str, keys: list[str]) -> int:
    """Line of the assignment of `keys`, else of its table, else 1."""
    table: list[str] = []
    best, depth = 1, 0
    for number, line in enumerate(text.splitlines(), 1):
        header = re.match(r"\s*\[([^\[\]]+)\]", line)
        assignment = re.match(r"\s*([\w.\"'-]+)\s*=", line)
        if header:
            path = table = _parts(header.group(1))
        elif assignment:
            path = table + _parts(assignment.group(1))
        else:
            continue
        if path == keys:
            return number
        if len(path) > depth and path == keys[: len(path)]:
            best, depth = number, len(path)
    return best


def _parts(dotted: str) -> list[str]:
    return [part.strip().strip("\"'") for part in dotted.split(".")]
