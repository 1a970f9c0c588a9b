#!/usr/bin/env python3
"""Fails when an #include in src/, or a module's DEPS, breaks the table in tools/layers.json.

The table says for each module which others it may include ("tests_too": its tests as well), and
for each third-party include (a header, or a folder ending in "/") where under src/ it may stand.
A module's public headers, those that lie directly in its folder, include no third party that is
not marked public, and nobody includes another module's internal/.
"""

import fnmatch
import json
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
MODULE_CALL = re.compile(r"ajar_module\((.*?)\)", re.S)
STANDARD = re.compile(r"[a-z0-9_]+")  # <vector>, <cmath>: no dot, no folder


def is_test(path):
    return path.stem.endswith(("_test", "_test_util"))


def check_module(path, module, included, modules, everywhere):
    """A complaint about including `included`, or None."""
    other = included.split("/")[0]
    if other == module:
        return None
    if "/internal/" in included:
        return f"includes {included}, which is internal to {other}"
    allowed = set(modules[module]["may_include"]) | set(everywhere)
    if is_test(path):
        allowed |= set(modules[module].get("tests_too", []))
    if other not in allowed:
        return f"includes {included}: {module} may not include {other}"
    return None


def check_third_party(relative, included, table):
    """A complaint about an include of neither ours nor the standard's, or None."""
    for prefix, rule in table["third_party"].items():
        if included != prefix and not (prefix.endswith("/") and included.startswith(prefix)):
            continue
        name = relative.as_posix()
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in rule["in"]):
            return f"includes {included}, which may stand in {', '.join(rule['in'])} only"
        is_public = relative.suffix == ".h" and len(relative.parts) == 2 and not is_test(relative)
        if is_public and not rule.get("public", False):
            return f"includes {included} in a public header"
        return None
    if any(included == name or (name.endswith("/") and included.startswith(name))
           for name in table["system"]):
        return None
    return f"includes {included}, which the table does not know"


def check_file(source, relative, table):
    modules, module = table["modules"], relative.parts[0]
    text = (source / relative).read_text(encoding="utf-8")
    for match in INCLUDE.finditer(text):
        bracket, included = match.groups()
        if bracket == "<" and STANDARD.fullmatch(included):
            continue
        if included.split("/")[0] in modules and "/" in included:
            complaint = check_module(relative, module, included, modules, table["everywhere"])
        else:
            complaint = check_third_party(relative, included, table)
        if complaint:
            line = text.count("\n", 0, match.start(1)) + 1
            yield f"src/{relative.as_posix()}:{line}: {complaint}"


def check_dependencies(source, module, table):
    """What CMake links must not go beyond the table either."""
    try:
        text = (source / module / "CMakeLists.txt").read_text(encoding="utf-8")
    except FileNotFoundError:
        return
    allowed = set(table["modules"][module]["may_include"]) | set(table["everywhere"])
    for call in MODULE_CALL.findall(text):
        keyword = None
        for word in call.split():
            if word.isupper():
                keyword = word
            elif keyword == "DEPS" and word not in allowed:
                yield f"src/{module}/CMakeLists.txt: {module} may not depend on {word}"


def check(source, table):
    source = pathlib.Path(source)
    for folder in sorted(path for path in source.iterdir() if path.is_dir()):
        if folder.name not in table["modules"]:
            yield f"src/{folder.name}: not a module that the table knows"
            continue
        yield from check_dependencies(source, folder.name, table)
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".cc", ".h"):
                yield from check_file(source, path.relative_to(source), table)


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    table = json.loads((root / "tools" / "layers.json").read_text(encoding="utf-8"))
    complaints = list(check(root / "src", table))
    for complaint in complaints:
        print(complaint)
    print(f"{len(complaints)} breaches of the layers" if complaints else "The layers hold.")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
