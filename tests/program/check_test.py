"""Whether photographs suffice, asked as a person asks it."""

import json
import shutil
import signal
import threading
import unittest

from support import ProgramTest, stop


class Check(ProgramTest):
    def last(self, done):
        return json.loads(done.stdout.splitlines()[-1])

    def photos(self, count):
        folder = self.temp / "photos"
        folder.mkdir(exist_ok=True)
        for name in self.fixture.names()[:count]:
            shutil.copy(self.fixture.photos / name, folder)
        return folder

    def test_what_is_no_photograph_is_told_in_a_sentence(self):
        self.assertIn("no such file", self.run_program("check", self.temp / "no", code=3).stderr)
        empty = self.temp / "empty"
        empty.mkdir()
        self.assertIn("No photograph", self.run_program("check", empty, code=4).stderr)
        (empty / "a.jpg").write_text("not one")
        self.assertIn("neither a picture", self.run_program("check", empty, code=4).stderr)

    def test_two_are_too_few(self):
        done = self.run_program("check", self.photos(2), code=4)
        self.assertIn("Too few to build a room from.", done.stdout)

    def test_the_page_does_not_lie_among_the_photographs(self):
        folder = self.photos(2)
        before = sorted(folder.iterdir())
        done = self.run_program("check", folder, "-o", folder / "check.html", code=2)
        self.assertIn("among the photographs", done.stderr)
        self.run_program("check", folder, "-o", folder, code=2)
        self.assertEqual(sorted(folder.iterdir()), before)

    def test_watching_it_tells_again_when_photographs_come(self):
        folder, page = self.photos(6), self.temp / "check.html"
        process = self.start("check", folder, "--watch", "--json", "-o", page)
        self.addCleanup(stop, process)
        limit = threading.Timer(240, process.kill)
        limit.start()
        self.addCleanup(limit.cancel)

        def next_check():
            for line in process.stdout:
                found = json.loads(line)
                if found["type"] == "check":
                    return found
            self.fail("it ended")

        first = next_check()
        self.assertEqual(len(first["photographs"]), 6)
        self.photos(10)
        found = next_check()
        while len(found["photographs"]) < 10:  # some came later than others
            found = next_check()
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), {"enough": 0, "not yet": 9, "too few": 4}[
            found["verdict"]])
        text = page.read_text()
        self.assertIn("data:image/webp;base64,", text)
        self.assertNotIn("<script", text)
        for name in self.fixture.names():
            self.assertIn(name, text)


if __name__ == "__main__":
    unittest.main()
