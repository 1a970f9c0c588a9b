"""What must never go wrong: power cuts, full disks, two programs at once, a person's Ctrl-C."""

import fcntl
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import time
import unittest
import urllib.error
import urllib.request

from support import ProgramTest, stop, tree

KILLS = 10
SEED = 20240707


def check_nothing_is_torn(test, room):
    """Everything that lies in a room is whole, whenever the program was killed."""
    for name in ("room.json", "ledger.json", "report.json", "site/visit.json",
                 "reconstruction/placement.json", "site/splats/meta.json"):
        path = room / name
        if path.exists():
            json.loads(path.read_text())
    for photo in (room / "photos").glob("*"):
        test.assertEqual(photo.read_bytes(), (test.fixture.photos / photo.name).read_bytes())
    ply = room / "splats" / "room.ply"
    if ply.exists():
        header, body = ply.read_bytes().split(b"end_header\n", 1)
        count = int(header.split(b"element vertex ")[1].split()[0])
        floats = header.count(b"property float")
        test.assertEqual(len(body), count * floats * 4)


class Kills(ProgramTest):
    def test_killed_at_random_moments_it_goes_on_and_nothing_is_lost(self):
        whole = self.temp / "whole" / "my-room"
        longer = ["--iterations", "900"]  # so that there are checkpoints to go on from
        start = time.monotonic()
        self.build(*longer, room=whole)
        duration = time.monotonic() - start
        expected = (whole / "splats" / "room.ply").read_bytes()

        moments = random.Random(SEED)
        for kill in range(KILLS):
            process = self.start(*self.build_words(*longer))
            try:
                process.communicate(timeout=moments.uniform(0, duration))
            except subprocess.TimeoutExpired:
                pass
            finished = stop(process) == 0
            check_nothing_is_torn(self, self.room)
            # Begin anew once it is done, so that each kill meets work that is under way.
            if finished and kill < KILLS - 1:
                subprocess.run(["rm", "-r", str(self.room)], check=True)
        self.build(*longer)
        self.assertEqual((self.room / "splats" / "room.ply").read_bytes(), expected)
        self.assertEqual(tree(self.room / "site"), tree(whole / "site"))
        leftovers = [path.name for path in self.room.iterdir() if path.name.endswith(".old")]
        self.assertEqual(leftovers, [])

    def test_stopped_by_the_person_it_says_so_and_goes_on(self):
        words = self.build_words("--iterations", "100000")
        process = self.start(*words)
        wait_for(lambda: (self.room / "reconstruction").exists(), process)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, err)
        self.assertIn("goes on from here", err)
        check_nothing_is_torn(self, self.room)
        self.build()


class TwoPrograms(ProgramTest):
    def test_the_second_refuses_with_a_sentence(self):
        first = self.start(*self.build_words("--iterations", "100000"))
        try:
            wait_for(lambda: (self.room / "reconstruction").exists(), first)
            second = self.build(code=6)
            self.assertIn("Another ajar is working on this room", second.stderr)
        finally:
            stop(first)
        self.build("--until", "poses")  # the lock died with its holder


    def test_one_that_comes_at_the_same_instant_takes_nothing_away(self):
        for _ in range(5):
            both = [self.start(*self.build_words("--iterations", "200")) for _ in range(2)]
            codes = sorted(process.wait(timeout=120) for process in both)
            for process in both:
                process.communicate()
            self.assertIn(codes, ([0, 0], [0, 6]))
            check_nothing_is_torn(self, self.room)
            self.assertTrue((self.room / "splats" / "room.ply").exists())
            subprocess.run(["rm", "-r", str(self.room)], check=True)

    def test_one_that_is_refused_leaves_an_empty_folder_to_its_holder(self):
        self.room.mkdir()
        with open(self.room / ".lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.build(code=6)
            self.assertTrue((self.room / ".lock").exists())


class FullDisk(ProgramTest):
    def check_refused(self, done, before):
        self.assertEqual(done.returncode, 5, done.stderr)
        self.assertIn("\najar: ", done.stderr)
        self.assertEqual(tree(self.room), before)

    def test_a_limit_on_the_size_of_files(self):
        self.build()
        before = tree(self.room)
        limit = (self.room / "splats" / "room.ply").stat().st_size // 2

        def limit_files():
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        done = subprocess.run(
            [str(word) for word in [os.environ["AJAR_PROGRAM"],
                                    *self.build_words("--seed", "5")]],
            env=self.environment(), capture_output=True, text=True, preexec_fn=limit_files,
            timeout=300, check=False)
        self.check_refused(done, before)
        self.build("--seed", "5")

    def test_a_full_file_system(self):
        disk = self.temp / "disk"
        disk.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(disk)],
            capture_output=True, check=False)
        if mounted.returncode != 0:
            self.skipTest("mounting a small file system is not allowed here")
        self.addCleanup(subprocess.run, ["umount", str(disk)], check=True)
        self.room = disk / "my-room"
        self.build()
        before = tree(self.room)
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        (disk / "filler").write_bytes(b"\0" * (free - 64 * 1024))
        failed = self.build("--seed", "5", code=5)
        self.assertIn("disk is full", failed.stderr)
        self.assertEqual(tree(self.room), before)
        (disk / "filler").unlink()
        self.build("--seed", "5")


class View(ProgramTest):
    def test_serves_the_page_until_it_is_told_to_stop(self):
        self.build()
        process = self.start("view", self.room, "--no-open", "--json")
        try:
            ready = json.loads(process.stdout.readline())
            self.assertEqual(ready["type"], "ready")
            with urllib.request.urlopen(ready["url"], timeout=10) as page:
                self.assertIn(b"A room", page.read())
            with urllib.request.urlopen(ready["url"] + "visit.json", timeout=10) as visit:
                self.assertEqual(json.load(visit)["title"], "My room")
            without_secret = ready["url"].rsplit("/", 2)[0] + "/visit.json"
            with self.assertRaises(urllib.error.HTTPError):
                urllib.request.urlopen(without_secret, timeout=10)
            process.send_signal(signal.SIGINT)
            process.communicate(timeout=20)
            self.assertEqual(process.returncode, 0)
        finally:
            stop(process)

    def test_a_room_that_is_being_made_is_shown_as_it_grows(self):
        build = self.start(*self.build_words("--iterations", "600"))
        view = None

        def visit():
            with urllib.request.urlopen(url + "visit.json", timeout=10) as answer:
                return json.load(answer)

        try:
            wait_for((self.room / ".work" / "growing" / "visit.json").exists, build)
            view = self.start("view", self.room, "--no-open", "--json")
            lines = map(json.loads, iter(view.stdout.readline, ""))
            url = next(line["url"] for line in lines if line["type"] == "ready")
            growing = visit()
            self.assertIs(growing["growing"], True)
            self.assertGreater(growing["splats"]["count"], 0)
            with urllib.request.urlopen(url + growing["splats"]["url"], timeout=10) as meta:
                self.assertEqual(json.load(meta)["count"], growing["splats"]["count"])
            self.assertEqual(build.wait(timeout=300), 0)
            self.assertEqual(list((self.room / ".work").iterdir()), [])

            def is_whole():
                try:
                    return "growing" not in visit()
                except OSError:  # the program changes over
                    return False
            wait_for(is_whole, view)
        finally:
            stop(build)
            if view:
                stop(view)

    def test_the_old_site_is_served_until_the_new_one_is_there(self):
        self.build()
        view = self.start("view", self.room, "--no-open", "--json")
        build = None
        try:
            url = json.loads(view.stdout.readline())["url"]

            def read(name):
                with urllib.request.urlopen(url + name, timeout=20) as answer:
                    return answer.read()

            titles = [json.loads(read("visit.json"))["title"]]
            for title in ("The second", "The third"):
                (self.room / "room.json").write_text(json.dumps({"title": title}))
                build = self.start("build", "-o", self.room)
                while build.poll() is None or titles[-1] != title:
                    titles.append(json.loads(read("visit.json"))["title"])
                    self.assertIn(b"</html>", read("read.html"))
                    self.assertIn(build.poll(), (None, 0), "the build failed")
                build.communicate(timeout=60)
            self.assertEqual(sorted(set(titles), key=titles.index),
                             ["My room", "The second", "The third"])
            self.assertEqual(titles, sorted(titles, key=["My room", "The second",
                                                         "The third"].index))
        finally:
            stop(view)
            if build:
                stop(build)

    def test_several_rooms_begin_on_a_page_of_their_own(self):
        rooms = self.temp / "rooms"
        rooms.mkdir()
        (rooms / "notes").mkdir()
        self.build()
        shutil.copytree(self.room, rooms / "b")
        shutil.copytree(self.room, rooms / "a")
        said = json.loads((rooms / "a" / "room.json").read_text())
        said.update(title="The first & only", words=["It is quiet. Nobody is here."])
        (rooms / "a" / "room.json").write_text(json.dumps(said))
        shutil.copytree(self.room, rooms / "c")
        (rooms / "c" / "room.json").write_text('{"title": "Mistyped"')
        process = self.start("view", rooms, "--no-open", "--json")
        try:
            url = json.loads(process.stdout.readline())["url"]
            with urllib.request.urlopen(url, timeout=10) as page:
                front = page.read().decode()
            self.assertIn('<a href="1/index.html">The first &amp; only</a>', front)
            self.assertIn("<p>It is quiet.</p>", front)
            self.assertIn('<a href="2/index.html">My room</a>', front)
            self.assertIn('<a href="3/index.html">c</a>', front)
            self.assertNotIn("4/", front)
            for name in ("1/index.html", "2/visit.json"):
                with urllib.request.urlopen(url + name, timeout=10) as page:
                    self.assertEqual(page.status, 200)
            for name in ("1/../room.json", "4/index.html", "1/room.json", "2/"):
                with self.assertRaises(urllib.error.HTTPError):
                    urllib.request.urlopen(url + name, timeout=10)
        finally:
            stop(process)


def wait_for(condition, process, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        if process.poll() is not None:
            raise AssertionError(process.communicate()[1])
        if time.monotonic() > end:
            raise AssertionError("waited in vain")
        time.sleep(0.02)


if __name__ == "__main__":
    unittest.main()
