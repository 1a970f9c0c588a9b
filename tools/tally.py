#!/usr/bin/env python3
"""Counts what a step of ./test passed and failed; prints "PASSED FAILED", and what failed below.

Read, in this order, whichever there is: ctest's JUnit file, where each GoogleTest program counts
with its cases (its own XML, in the folder given) and every other program by its closing lines; the
closing lines of unittest, vitest, node --test, or a plain "N passed, N failed" in the log; else the
step itself is one check. A step that failed never counts as all passed.

What failed is shown by the blocks of node --test or the outputs of ctest's tests that tell of it,
else by the end of the log.
"""

import argparse
import pathlib
import re
import xml.etree.ElementTree as ElementTree


def count_unittest(text):
    """Sums over all unittest runs in a log, or None."""
    runs = re.findall(r"^Ran (\d+) tests? in [^\n]*\n+(OK|FAILED)(?: \(([^)]*)\))?", text, re.M)
    if not runs:
        return None
    passed = failed = 0
    for ran, _, details in runs:
        kinds = {key: int(value) for key, value in re.findall(r"(\w[a-z ]*)=(\d+)", details)}
        bad = (kinds.get("failures", 0) + kinds.get("errors", 0) +
               kinds.get("unexpected successes", 0))
        passed += max(0, int(ran) - bad - kinds.get("skipped", 0))
        failed += bad
    return passed, failed


def count_log(text):
    """What the closing lines of a log say, or None."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    counts = count_unittest(text)
    if counts:
        return counts
    vitest = re.findall(r"^\s*Tests\s+(?:(\d+) failed)?(?: \| )?(?:(\d+) passed)?", text, re.M)
    node = re.findall(r"^(?:#|ℹ) (pass|fail) (\d+)$", text, re.M)
    plain = re.findall(r"^(\d+) passed, (\d+) failed", text, re.M)
    if vitest:
        failed, passed = vitest[-1]
        return int(passed or 0), int(failed or 0)
    if node:
        kinds = dict(node)  # the last of each
        return int(kinds.get("pass", 0)), int(kinds.get("fail", 0))
    if plain:
        return int(plain[-1][0]), int(plain[-1][1])
    return None


def count_gtest(path):
    """A GoogleTest program's cases, or None when it did not live to write them."""
    try:
        suite = ElementTree.parse(path).getroot()
    except (OSError, ElementTree.ParseError):
        return None
    failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    left_out = sum(case.get("status") == "notrun" or case.get("result") == "skipped"
                   for case in suite.iter("testcase"))
    return max(0, int(suite.get("tests", 0)) - failed - left_out), failed


def count_ctest(junit, gtest_folder):
    """Sums over ctest's tests, or None when ctest wrote no results."""
    try:
        root = ElementTree.parse(junit).getroot()
    except (OSError, ElementTree.ParseError):
        return None
    passed = failed = 0
    for test in root.iter("testcase"):
        bad = test.get("status") == "fail" or test.find("failure") is not None
        counts = (count_gtest(gtest_folder / f"{test.get('name')}.xml") or
                  count_log(test.findtext("system-out") or "") or (0 if bad else 1, 0))
        passed += counts[0]
        failed += counts[1] if counts[1] or not bad else 1
    return passed, failed


def tally(status, log_text, junit=None, gtest_folder=None):
    if junit:
        counts = count_ctest(junit, gtest_folder)
    else:
        counts = count_log(log_text) or (1 if status == 0 else 0, 0)
    passed, failed = counts or (0, 0)
    if failed == 0 and (status != 0 or passed == 0):
        failed = 1
    return passed, failed


def ends(text, lines):
    return "\n".join(text.rstrip().splitlines()[-lines:])


def told(text, junit=None):
    """The parts of a failed step's log that say what failed."""
    try:
        tests = list(ElementTree.parse(junit).getroot().iter("testcase")) if junit else []
    except (OSError, ElementTree.ParseError):
        tests = []
    parts = [f"{test.get('name')}:\n{ends(test.findtext('system-out') or '', 60)}" for test in tests
             if test.get("status") == "fail" or test.find("failure") is not None]
    parts += re.findall(r"^ *not ok .*?^ *\.\.\.$", text, re.M | re.S)
    return "\n".join(parts) or ends(text, 80)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--status", type=int, required=True)
    parser.add_argument("--log", type=pathlib.Path, required=True)
    parser.add_argument("--ctest", type=pathlib.Path)
    parser.add_argument("--gtest", type=pathlib.Path)
    args = parser.parse_args()
    text = args.log.read_text(encoding="utf-8", errors="replace")
    passed, failed = tally(args.status, text, args.ctest, args.gtest)
    print(passed, failed)
    if failed:
        print(told(text, args.ctest))


if __name__ == "__main__":
    main()
