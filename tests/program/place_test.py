"""How large the room is, which way is up, where one steps in: said, corrected, measured."""

import json
import unittest
import xml.etree.ElementTree

from support import ProgramTest

SVG = "{http://www.w3.org/2000/svg}"


class Place(ProgramTest):
    def setUp(self):
        super().setUp()
        self.photo = self.a = self.b = self.ends = None

    def build(self, *more, **options):
        done = super().build(*more, **options)
        self.find_ends()
        return done

    def find_ends(self):
        """Two pixels at which so briefly trained a room has something."""
        for self.photo in self.fixture.names():
            for self.a, self.b in (("100,120", "220,125"), ("80,180", "240,180"),
                                   ("60,60", "250,70"), ("160,60", "160,200")):
                words = ["measure", self.room, "--json", "--from", f"{self.photo}:{self.a}",
                         "--to", f"{self.photo}:{self.b}"]
                process = self.start(*words)
                process.communicate()
                if process.returncode == 0:
                    self.ends = f"{self.photo}:{self.a}:{self.b}"
                    return
        self.fail("the room has nothing anywhere")

    def scale(self):
        placed = self.read_json("reconstruction", "placement.json")
        return placed["room_from_reconstruction"]["scale"]

    def measured(self):
        done = self.run_program("measure", self.room, "--json", "--from",
                                f"{self.photo}:{self.a}", "--to", f"{self.photo}:{self.b}")
        return json.loads(done.stdout)

    def test_a_length_sets_the_scale_and_only_the_site_is_made_anew(self):
        self.build()
        splats = (self.room / "splats" / "room.ply").stat().st_mtime_ns
        before = self.measured()
        self.assertTrue(before["scale_estimated"])
        self.assertGreater(before["deviation_metres"], 0)
        words = self.run_program("measure", self.room, "--from", f"{self.photo}:{self.a}", "--to",
                                 f"{self.photo}:{self.b}").stdout
        self.assertIn("give or take", words)
        self.assertIn("by an estimated scale", words)

        self.run_program("place", self.room, "--length", f"{self.ends}=1.25m")
        after = self.measured()
        self.assertAlmostEqual(after["metres"], 1.25, places=3)
        self.assertFalse(after["scale_estimated"])
        self.assertEqual((self.room / "splats" / "room.ply").stat().st_mtime_ns, splats)
        visit = self.read_json("site", "visit.json")
        self.assertFalse(visit["estimated"]["scale"])
        self.assertEqual(visit["scale"]["from"], "lengths")
        length = self.read_json("room.json")["measured"]["lengths"][0]
        self.assertEqual(length, {"photo": self.photo, "from": json.loads(f"[{self.a}]"),
                                  "to": json.loads(f"[{self.b}]"), "metres": 1.25})

        # A later build leaves it alone, and the keeper may take it back.
        self.run_program("build", "-o", self.room)
        self.assertAlmostEqual(self.measured()["metres"], 1.25, places=3)
        self.run_program("place", self.room, "--length", "estimate")
        self.assertAlmostEqual(self.measured()["metres"], before["metres"], places=6)
        self.assertTrue(self.measured()["scale_estimated"])

    def test_build_takes_lengths_and_metric_poses(self):
        self.build("--poses-in-metres")
        self.assertEqual(self.scale(), 1)
        self.assertTrue(self.read_json("room.json")["measured"]["poses_in_metres"])
        self.build("--length", f"{self.ends}=2m")
        self.assertAlmostEqual(self.measured()["metres"], 2, places=3)

    def test_what_stands_somewhere_stays_there(self):
        self.build()
        document = self.read_json("room.json")
        document["things"] = [{"id": "lamp", "name": "The lamp", "position": [1, 0.5, -1]}]
        (self.room / "room.json").write_text(json.dumps(document))
        self.run_program("build", "-o", self.room)
        old = self.scale()
        self.run_program("place", self.room, "--length", f"{self.ends}=3m")
        moved = self.read_json("room.json")["things"][0]["position"]
        factor = self.scale() / old
        self.assertNotAlmostEqual(factor, 1, places=2)
        for found, was in zip(moved, (1, 0.5, -1)):
            self.assertAlmostEqual(found, factor * was, delta=0.05 * factor)

    def test_up_and_doorway(self):
        self.build()
        self.run_program("place", self.room, "--up", "0,-1,0", "--doorway", self.photo)
        placed = self.read_json("reconstruction", "placement.json")
        self.assertEqual(placed["up_from"], "keeper")
        self.assertEqual(placed["doorway"]["photo"], self.photo)
        self.assertEqual(self.read_json("site", "visit.json")["estimated"],
                         {"scale": True, "up": False, "doorway": False})
        self.run_program("place", self.room, "--doorway", "0,1.5,0:0,1.5,-2")
        self.assertEqual(self.read_json("site", "visit.json")["doorway"],
                         {"position": [0, 1.5, 0], "look_at": [0, 1.5, -2]})

    def test_the_plan_is_a_picture_with_words(self):
        self.build()
        plan = xml.etree.ElementTree.parse(self.room / "site" / "plan.svg").getroot()
        self.assertEqual(plan.get("role"), "img")
        self.assertIn("My room", plan.find(SVG + "title").text)
        self.assertIn("estimated", plan.find(SVG + "desc").text)
        text = (self.room / "site" / "plan.svg").read_text()
        for name in self.fixture.names():
            self.assertNotIn(name, text)
        self.assertEqual(self.read_json("site", "plan.json")["version"], 1)
        self.assertIn("estimate", self.run_program("info", self.room).stdout)

    def test_markers_are_a_page_and_a_word(self):
        page = self.temp / "pages" / "markers.svg"
        self.run_program("markers", "-o", page, "--size", "6cm")
        root = xml.etree.ElementTree.parse(page).getroot()
        self.assertEqual(root.get("width"), "210mm")
        self.assertEqual(len(root.findall(SVG + "g")), 4)
        for size in ("1cm", "16cm", "large"):
            failed = self.run_program("markers", "-o", page, "--size", size, code=2)
            self.assertIn("is not the side of a marker", failed.stderr)
        # None of them lies in this room, and that is said.
        done = self.build("--markers", "6cm")
        self.assertEqual(self.read_json("room.json")["measured"]["marker_metres"], 0.06)
        self.assertIn("scale", self.run_program("info", self.room).stdout)
        self.assertTrue(self.read_json("site", "visit.json")["estimated"]["scale"])
        self.assertIn("No marker was found", done.stdout)

    def test_says_what_is_wrong_and_changes_nothing(self):
        self.build()
        before = (self.room / "room.json").read_bytes()
        for words, part in (
                (["place", self.room], "Nothing to correct was said."),
                (["place", self.room, "--length", "1,2:3,4=1m"], "is not a length"),
                (["place", self.room, "--length", f"{self.photo}:{self.a}:{self.a}=1"], "too near"),
                (["place", self.room, "--length", "no.jpg:1,2:3,4=1m"], "no.jpg is not among"),
                (["place", self.room, "--length", f"{self.photo}:{self.a}:999,1=1m"],
                 "outside the photograph"),
                (["place", self.room, "--doorway", "no.jpg"], "no.jpg is not among"),
                (["place", self.room, "--up", "0,0,0"], "is not a direction"),
                (["measure", self.room, "--from", "here", "--to", f"{self.photo}:1,1"],
                 "is not a place in a photograph"),
                (["measure", self.room, "--from", f"{self.photo}:1,1"], "--to")):
            failed = self.run_program(*words, code=2)
            self.assertIn(part, failed.stderr, words)
            self.assertEqual(len(failed.stderr.strip().splitlines()), 1, failed.stderr)
        self.run_program("measure", self.temp / "nowhere", "--from", f"{self.photo}:1,1", "--to",
                         f"{self.photo}:9,9", code=3)
        self.assertEqual((self.room / "room.json").read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
