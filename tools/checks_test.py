"""The checks find what they are for, and nothing else."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import check_layers
import check_repo
import tally

TABLE = {
    "modules": {
        "base": {"may_include": []},
        "low": {"may_include": [], "tests_too": ["high"]},
        "high": {"may_include": ["low"]},
    },
    "everywhere": ["base"],
    "third_party": {
        "Eigen/": {"in": ["*"], "public": True},
        "hwy/": {"in": ["*/internal/kernels/*"]},
        "png.h": {"in": ["low/*"]},
        "gtest/": {"in": ["*_test.cc"]},
    },
    "system": ["sys/", "unistd.h"],
}


class TestWithFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path


class Layers(TestWithFolder):
    def include(self, name, *included):
        self.write(name, "".join(f"#include {each}\n" for each in included))
        return list(check_layers.check(self.folder, TABLE))

    def test_what_the_table_allows(self):
        self.write("high/internal/kernels/a.cc", '#include "hwy/highway.h"\n')
        self.write("low/a_test.cc", '#include <gtest/gtest.h>\n#include "high/b.h"\n')
        self.write("low/CMakeLists.txt", "ajar_module(\n NAME low\n DEPS base\n LIBS PNG::PNG)")
        self.assertEqual(
            self.include("high/a.cc", '"base/x.h"', '"low/y.h"', '"high/internal/z.h"', "<vector>",
                         "<sys/stat.h>", "<Eigen/Core>"), [])

    def test_a_layer_above(self):
        self.assertEqual(self.include("low/a.cc", "<vector>", '"high/a.h"'),
                         ["src/low/a.cc:2: includes high/a.h: low may not include high"])

    def test_internals_of_another(self):
        self.assertIn("internal to low", self.include("high/a.cc", '"low/internal/a.h"')[0])

    def test_third_party_out_of_place(self):
        self.assertIn("may stand in low/* only", self.include("high/a.cc", "<png.h>")[0])
        self.assertEqual(len(self.include("low/a.cc", "<hwy/highway.h>")), 2)

    def test_third_party_in_a_public_header(self):
        self.assertIn("public header", self.include("low/a.h", "<png.h>")[0])
        self.assertEqual(len(self.include("low/internal/a.h", "<png.h>")), 1)

    def test_third_party_not_in_the_table(self):
        self.assertIn("does not know", self.include("low/a.cc", "<boost/any.hpp>")[0])
        self.assertEqual(len(self.include("low/b.cc", "<immintrin.h>")), 2)

    def test_a_test_only_header_in_the_product(self):
        self.assertEqual(len(self.include("low/a.cc", "<gtest/gtest.h>")), 1)

    def test_dependencies_in_cmake(self):
        self.write("low/CMakeLists.txt", "ajar_module(\n NAME low\n SOURCES a.cc\n DEPS base high)")
        self.assertEqual(list(check_layers.check(self.folder, TABLE)),
                         ["src/low/CMakeLists.txt: low may not depend on high"])

    def test_an_unknown_module(self):
        self.write("stray/a.cc", "")
        self.assertIn("src/stray", list(check_layers.check(self.folder, TABLE))[0])

    def test_the_table_itself(self):
        table = json.loads((pathlib.Path(__file__).parent / "layers.json").read_text())
        lower = set(table["everywhere"])
        for name, rule in table["modules"].items():
            self.assertLessEqual(set(rule["may_include"]), lower | {name}, name)
            lower.add(name)  # modules stand in the order of their layers: no circles


class Repository(TestWithFolder):
    def setUp(self):
        super().setUp()
        self.write("LICENSE", "words")

    def complaints(self):
        return list(check_repo.check(self.folder))

    def test_in_order(self):
        self.write("a.cc", "line\n" * 600)
        self.write("notes.md", "Photographs in ~/photos; see docs/work/x and /var/lib.\n" * 700)
        self.write("node_modules/a/package.json", '"resolved": "' + 'https://x"')
        self.assertEqual(self.complaints(), [])

    def test_no_licence(self):
        (self.folder / "LICENSE").unlink()
        self.assertEqual(self.complaints(), ["LICENSE: missing"])

    def test_too_long_or_too_large(self):
        self.write("a.ts", "line\n" * 601)
        self.write("b.bin", b"\0" * (check_repo.MAX_BYTES + 1))
        self.assertEqual(len(self.complaints()), 2)

    def test_every_rule(self):
        for line in ("// TO" + "DO: more", "fix" + "me FIX" + "ME", "open('/ho" + "me/somebody/x')",
                     '"resolved": "' + 'https://host/a.tgz"', "from registry." + "npmjs.org"):
            self.write("a.cc", "int a;\n" + line + "\n")
            complaints = self.complaints()
            self.assertEqual(len(complaints), 1, line)
            self.assertTrue(complaints[0].startswith("a.cc:2: "), complaints)

    def test_what_git_ignores_is_left_out(self):
        subprocess.run(["git", "init", "-q", str(self.folder)], check=True)
        self.write(".gitignore", "/made/\n")
        self.write("made/a.cc", "// TO" + "DO\n")
        self.assertEqual(self.complaints(), [])
        self.write("new.cc", "// TO" + "DO\n")
        self.assertEqual(len(self.complaints()), 1)


class Tally(TestWithFolder):
    def test_closing_lines(self):
        for text, counts in (
                ("Ran 12 tests in 0.1s\n\nOK\n", (12, 0)),
                ("Ran 12 tests in 0.1s\n\nFAILED (failures=1, errors=2, skipped=3)\n", (6, 3)),
                ("Ran 2 tests in 0s\n\nOK\nRan 3 tests in 0s\n\nOK (skipped=1)\n", (4, 0)),
                (" Test Files  3 passed (3)\n      Tests  31 passed (31)\n", (31, 0)),
                ("\x1b[2m      Tests \x1b[22m 1 failed | 30 passed (31)\n", (30, 1)),
                ("# tests 5\n# pass 4\n# fail 1\n# cancelled 0\n", (4, 1)),
                ("ℹ tests 5\nℹ pass 5\nℹ fail 0\n", (5, 0)),
                ("noise\n7 passed, 2 failed\n", (7, 2)),
                ("nothing to count", (1, 0))):
            self.assertEqual(tally.tally(1 if counts[1] else 0, text), counts, text)

    def test_a_failed_step_is_never_all_passed(self):
        self.assertEqual(tally.tally(1, "7 passed, 0 failed"), (7, 1))
        self.assertEqual(tally.tally(1, "nothing"), (0, 1))
        self.assertEqual(tally.tally(0, "0 passed, 0 failed"), (0, 1))

    def test_ctest(self):
        self.write("gtest/a_test.xml", '<testsuites tests="4" failures="1" errors="0"><testsuite>'
                   '<testcase status="run" result="completed"/>'
                   '<testcase status="run" result="skipped"/></testsuite></testsuites>')
        junit = self.write(
            "junit.xml",
            '<testsuite><testcase name="a_test" status="fail"><failure/></testcase>'
            '<testcase name="crashed_test" status="fail"><failure/></testcase>'
            '<testcase name="plain" status="run"/>'
            '<testcase name="python" status="run"><system-out>Ran 5 tests in 1s\n\nOK\n'
            "</system-out></testcase></testsuite>")
        self.assertEqual(tally.tally(8, "", junit, self.folder / "gtest"), (2 + 0 + 1 + 5, 2))
        self.assertEqual(tally.tally(0, "", self.folder / "missing.xml", self.folder), (0, 1))

    def test_what_failed_is_shown(self):
        block = "not ok 2 - a door\n  ---\n  error: 'shut'\n  ...\n"
        log = f"ok 1 - a wall\n  ---\n  ...\n{block}ok 3 - a floor\n  ---\n  ...\n" + "#\n" * 90
        self.assertEqual(tally.told(log), block.rstrip())
        self.assertEqual(tally.told("\n".join(map(str, range(100)))).splitlines()[0], "20")
        junit = self.write(
            "junit.xml", '<testsuite><testcase name="a_test" status="fail"><failure/>'
            '<system-out>shut</system-out></testcase><testcase name="b_test" status="run"/></testsuite>')
        self.assertEqual(tally.told("1/2 ...", junit), "a_test:\nshut")


if __name__ == "__main__":
    unittest.main()
