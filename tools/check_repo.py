#!/usr/bin/env python3
"""Fails when a file of the repository is too long or too large, leaves work for later, or names
one machine: its folders, or the hosts that packages came from."""

import os
import pathlib
import re
import subprocess
import sys

MAX_LINES = 600  # of source: what fits in a head
MAX_BYTES = 1_500_000
SOURCE = {".cc", ".h", ".ts"}
LEFT_OUT = {".git", "build", "dist", "node_modules"}  # where git cannot be asked

# Put together here so that this file does not break its own rules.
RULES = [
    (re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK"]) + r")\b"),
     "leaves work for later"),
    (re.compile(r"(?<![\w.~$}])/(home|root|Users|work)" + r"/[\w.-]"),
     "names a folder of one machine"),
    (re.compile(r'"resolved"\s*:\s*"' + "http"), "records a download address"),
    (re.compile(r"\b(registry\.(npmjs|yarnpkg)|deb\.debian|(ftp|security)\.debian|pypi" +
                r"|snapshot\.debian)\.(org|com)\b"), "names a package registry's host"),
]


def repository_files(root):
    """Every file that is or would be committed, as paths relative to the root."""
    asked = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True, check=False) if (root / ".git").exists() else None
    if asked and asked.returncode == 0:
        names = {name for name in os.fsdecode(asked.stdout).split("\0") if name}
        return sorted(pathlib.Path(name) for name in names if (root / name).is_file())
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        found += [pathlib.Path(folder, name).relative_to(root) for name in names]
    return sorted(found)


def check_text(name, suffix, text):
    lines = text.splitlines()
    if suffix in SOURCE and len(lines) > MAX_LINES:
        yield f"{name}: {len(lines)} lines; {MAX_LINES} at most"
    for number, line in enumerate(lines, 1):
        for pattern, complaint in RULES:
            found = pattern.search(line)
            if found:
                yield f"{name}:{number}: {complaint}: {found.group(0)}"


def check(root):
    root = pathlib.Path(root)
    if not (root / "LICENSE").is_file():
        yield "LICENSE: missing"
    for path in repository_files(root):
        content = (root / path).read_bytes()
        if len(content) > MAX_BYTES:
            yield f"{path}: {len(content)} bytes; {MAX_BYTES} at most"
        elif b"\0" not in content:
            yield from check_text(path, path.suffix, content.decode("utf-8", "replace"))


def main():
    complaints = list(check(pathlib.Path(__file__).resolve().parent.parent))
    for complaint in complaints:
        print(complaint)
    print(f"{len(complaints)} things to put right" if complaints else "The repository is in order.")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
