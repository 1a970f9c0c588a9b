"""The build as a whole: what it makes, what it refuses, and that it can be repeated."""

import bisect
import gzip
import hashlib
import json
import math
import os
import pathlib
import subprocess
import time
import unittest
import zipfile

from support import (PHOTOS, ProgramTest, copy_photos, jpeg_with_exif, png16, png_size,
                     png_with_exif, read_splats, tree)

SPLAT_TRANSFORM = (pathlib.Path(__file__).resolve().parent.parent / "oracle" / "node_modules" /
                   ".bin" / "splat-transform")
MARKER = b"PLANTED-PLACE-51.4769N-0.0005W"


class Build(ProgramTest):
    def test_makes_a_whole_room_and_then_has_nothing_left_to_do(self):
        done = self.build("--hold-out", "5")
        self.assertIn(f"{PHOTOS} of {PHOTOS} photographs placed", done.stdout)
        for name in ("cameras.bin", "images.bin", "points3D.bin", "placement.json"):
            self.assertTrue((self.room / "reconstruction" / name).is_file(), name)
        self.assertEqual(tree(self.room / "photos"), tree(self.fixture.photos))

        report = self.read_json("report.json")
        self.assertEqual(report["training"]["iterations"], 100)
        course = report["training"]["course"]
        self.assertEqual((course[0]["iteration"], course[0]["sh_degree"]), (0, 0))
        self.assertEqual((course[-1]["size_divisor"], course[-1]["sh_degree"]), (1, 3))
        self.assertEqual(report["training"]["photographs"], PHOTOS - 2)
        self.assertEqual(report["poses"]["not_placed"], [])
        held_out = [entry["name"] for entry in report["evaluation"]["photographs"]]
        self.assertEqual(held_out, [self.fixture.names()[0], self.fixture.names()[5]])
        for entry in report["evaluation"]["photographs"]:
            self.assertGreater(entry["psnr_db"], 10)
            fitted = entry["with_exposure_fitted_on_its_own_pixels"]
            self.assertGreater(fitted["psnr_db"], entry["psnr_db"] - 0.5)
            for kind in ("photo", "render"):
                picture = self.room / "evaluation" / f"{entry['name']}.{kind}.png"
                self.assertEqual(png_size(picture), (240, 180))
        for stage in ("photos", "poses", "splats", "evaluation", "place", "site"):
            self.assertGreater(report["stages"][stage]["peak_memory_bytes"], 1 << 20, stage)

        before = tree(self.room)
        self.build("--hold-out", "5")
        self.assertEqual(tree(self.room), before)

    def test_a_site_tells_which_document_it_was_made_from(self):
        document = self.room / "room.json"
        building = self.start(*self.build_words("--quiet"))
        while not document.exists():
            self.assertIsNone(building.poll())
            time.sleep(0.001)
        before = document.read_bytes()
        after = json.dumps({**json.loads(before), "title": "Changed meanwhile"}).encode()
        # At one instant: the build may be reading it just now.
        changed = document.with_name("changed.json")
        changed.write_bytes(after)
        changed.replace(document)
        _, said = building.communicate(timeout=300)
        self.assertEqual(building.returncode, 0, said)
        visit = self.read_json("site", "visit.json")
        made_from = after if visit["title"] == "Changed meanwhile" else before
        self.assertEqual(visit["document"], hashlib.sha256(made_from).hexdigest())
        self.build()
        visit = self.read_json("site", "visit.json")
        self.assertEqual((visit["title"], visit["document"]),
                         ("Changed meanwhile", hashlib.sha256(after).hexdigest()))

    def test_the_site_is_what_the_page_reads(self):
        self.build()
        visit = self.read_json("site", "visit.json")
        self.assertEqual(
            list(visit),
            ["version", "language", "title", "words", "content_note", "last_words", "support", "offer", "credits",
             "estimated", "doorway", "bounds", "scale", "floor_seen",
             "collision", "plan", "splats", "view_fov_deg", "things", "stories", "tour",
             "translations", "reading", "document"])
        self.assertEqual(visit["title"], "My room")
        self.assertEqual(visit["estimated"], {"scale": True, "up": True, "doorway": True})
        self.assertGreater(visit["doorway"]["position"][1], 0.5)
        self.assertLess(visit["doorway"]["look_at"][2], 0)
        parts = [visit["splats"]["url"], *visit["splats"]["further"]]
        counts = [json.loads((self.room / "site" / part).read_text())["count"] for part in parts]
        self.assertEqual(sum(counts), visit["splats"]["count"])
        for low, high in zip(visit["bounds"]["min"], visit["bounds"]["max"]):
            self.assertLess(low, high)
        self.assertTrue((self.room / "site" / "assets" / "page.js").is_file())
        site = tree(self.room / "site")
        self.assertFalse([name for name in site if "edit" in name])  # the keeper's page
        for name in ("visit.json", "plan.json", "plan.svg", parts[0], "read.html"):
            if len(site[name]) < 512:
                continue
            self.assertEqual(gzip.decompress(site[f"{name}.gz"]), site[name], name)
            self.assertLess(len(site[f"{name}.br"]), len(site[f"{name}.gz"]), name)
        self.assertFalse([name for name in site if name.endswith((".webp.br", ".webp.gz"))])
        self.assertFalse((self.room / "site" / "photos").exists())

    def test_changing_words_makes_only_the_site_anew(self):
        self.build()
        splats = (self.room / "splats" / "room.ply").stat()
        by_hand = '{"title":"Ours",\n\n   "words": "Come in.\\n\\nSit down.", "pet": "cat" }'
        (self.room / "room.json").write_text(by_hand)
        # No photographs, no options: the rest is kept, whatever it was made with.
        done = self.run_program("build", "-o", self.room)
        self.assertIn("pet", done.stdout)
        self.assertEqual((self.room / "room.json").read_text(), by_hand)
        self.assertEqual(self.read_json("site", "visit.json")["words"], ["Come in.", "Sit down."])
        self.assertEqual((self.room / "splats" / "room.ply").stat().st_mtime_ns,
                         splats.st_mtime_ns)
        self.assertEqual(self.read_json("report.json")["options"]["iterations"], 100)
        (self.room / "room.json").write_text('{"title": "", "words": [7]}')
        failed = self.build(code=3)
        self.assertIn("title: must be given", failed.stderr)
        self.assertIn("words[0]: must be text", failed.stderr)

    def test_a_recorded_schedule_gives_the_same_bits_for_any_number_of_threads(self):
        by_clock = ["build", self.fixture.photos, "-o", self.room, "--poses", self.fixture.poses,
                    "--splats", "3000", "--long-side", "240", "--until", "splats"]
        self.run_program(*by_clock, "--time", "3s")
        report = self.room / "report.json"
        clouds = [(self.room / "splats" / "room.ply").read_bytes()]
        for threads in ("1", "2"):
            by_clock[3] = self.temp / f"replayed-{threads}"
            self.run_program(*by_clock, "--time", "3s", "--schedule", report, "--threads", threads)
            clouds.append((by_clock[3] / "splats" / "room.ply").read_bytes())
        self.assertEqual(clouds[1], clouds[0])
        self.assertEqual(clouds[2], clouds[0])

    def test_goes_on_without_a_photograph_that_cannot_be_read(self):
        photos = copy_photos(self.fixture, self.temp / "photos")
        (photos / "torn.jpg").write_bytes(b"\xff\xd8\xff\xe0 and then nothing")
        (photos / "letter.txt").write_text("not a picture")
        done = self.build("--until", "poses", photos=photos)
        self.assertIn("Left out torn.jpg", done.stdout)
        left_out = [entry["name"] for entry in self.read_json("report.json")["photographs"]["left_out"]]
        self.assertIn("torn.jpg", left_out)

    def test_a_photograph_taken_out_does_not_come_back_with_the_words(self):
        photos = copy_photos(self.fixture, self.temp / "photos")
        self.build(photos=photos)
        (photos / self.fixture.names()[4]).unlink()
        self.build(photos=photos)
        splats = (self.room / "splats" / "room.ply").read_bytes()
        self.assertTrue((self.room / "photos" / self.fixture.names()[4]).exists())
        self.run_program("build", "-o", self.room)
        used = self.read_json("report.json")["photographs"]["used"]
        self.assertEqual(len(used), PHOTOS - 1)
        self.assertEqual((self.room / "splats" / "room.ply").read_bytes(), splats)

    def test_a_video_beside_folders_of_photographs(self):
        videos = self.temp / "videos"
        videos.mkdir()
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i",
                        "testsrc=size=320x240:rate=2:duration=1", videos / "clip.mp4"], check=True)
        self.run_program("build", self.fixture.photos, videos, "-o", self.room, "--poses",
                         self.fixture.poses, "--until", "poses")
        self.assertEqual((self.room / "photos" / "videos" / "clip.mp4").read_bytes(),
                         (videos / "clip.mp4").read_bytes())
        self.run_program("build", "-o", self.room, "--until", "poses")  # found again in the room

    def test_the_usual_command_keeps_what_took_longer_to_learn(self):
        self.build()
        splats = (self.room / "splats" / "room.ply").read_bytes()
        words = ["build", self.fixture.photos, "-o", self.room, "--poses", self.fixture.poses]
        self.assertIn("keeps what was learned with other options",
                      self.run_program(*words).stdout)
        self.assertEqual((self.room / "splats" / "room.ply").read_bytes(), splats)
        self.assertNotIn("keeps", self.build().stdout)

    def test_poses_that_were_given_once_are_kept(self):
        self.build("--until", "poses")
        poses = (self.room / "reconstruction" / "images.bin").read_bytes()
        self.run_program("build", self.fixture.photos, "-o", self.room, "--until", "poses")
        self.assertEqual((self.room / "reconstruction" / "images.bin").read_bytes(), poses)
        self.assertEqual(self.read_json("report.json")["poses"]["method"], "given")

    def test_figures_are_always_of_the_splats_that_are_there(self):
        self.build("--hold-out", "5")
        first = self.read_json("report.json")["evaluation"]["mean"]
        self.build("--hold-out", "5", "--iterations", "260", "--until", "splats")
        # As if it had been killed between the splats and their comparison.
        ledger = self.read_json("ledger.json")
        del ledger["stages"]["evaluation"]
        (self.room / "ledger.json").write_text(json.dumps(ledger))
        self.run_program("build", "-o", self.room)
        report = self.read_json("report.json")
        self.assertEqual(report["training"]["iterations"], 260)
        self.assertGreater(report["evaluation"]["mean"]["psnr_db"], first["psnr_db"])
        self.assertEqual(len(report["evaluation"]["photographs"]), 2)

    def test_never_replaces_an_original(self):
        photos = copy_photos(self.fixture, self.temp / "photos")
        self.build("--until", "poses", photos=photos)
        first, second = (photos / name for name in self.fixture.names()[:2])
        kept = (self.room / "photos" / first.name).read_bytes()
        first.write_bytes(second.read_bytes()[:-1] + b"!")
        third = photos / self.fixture.names()[2]
        first.write_bytes(png_with_exif(third.read_bytes(), b"another"))
        failed = self.build("--until", "poses", photos=photos, code=3)
        self.assertIn("never replaced", failed.stderr)
        self.assertEqual((self.room / "photos" / first.name).read_bytes(), kept)

    def test_too_few_poses_stop_the_build_and_name_the_photographs(self):
        few = self.temp / "few.json"
        frames = self.transforms()["frames"][:3]
        few.write_text(json.dumps(dict(self.transforms(), frames=frames)))
        failed = self.run_program("build", self.fixture.photos, "-o", self.room, "--poses", few,
                                  code=4)
        self.assertIn(f"Only 3 of {PHOTOS} photographs", failed.stderr)
        self.assertIn(self.fixture.names()[9], failed.stderr)

    def test_poses_from_transforms_json_without_points(self):
        path = self.temp / "transforms.json"
        path.write_text(json.dumps(self.transforms()))
        words = self.build_words("--until", "splats")
        words[words.index("--poses") + 1] = path
        self.run_program(*words)
        training = self.read_json("report.json")["training"]
        self.assertGreater(training["surface_points"], 1000)
        self.assertFalse(training["started_from_guessed_points"])
        self.run_program(*words, "--surface-points", "0")
        training = self.read_json("report.json")["training"]
        self.assertEqual(training["surface_points"], 0)
        self.assertTrue(training["started_from_guessed_points"])

    def test_wrong_folders_are_refused_in_a_sentence(self):
        (self.temp / "tax.pdf").write_text("x")
        for words, code in (
                (["build", self.fixture.photos, "-o", self.temp], 3),
                (["build", self.temp / "nowhere", "-o", self.room], 3),
                (["build", self.fixture.photos, "-o", self.room, "--poses", self.temp], 3),
                (["build", "-o", self.temp / "empty"], 2),
                (["info", self.temp], 3), (["view", self.temp, "--no-open"], 3),
                (["render", self.temp, "--photos", "a", "-o", self.temp / "out"], 3),
                (["export", self.temp, "--format", "ply", "-o", self.temp / "out.ply"], 3),
                (["build", self.fixture.photos, "-o", self.room, "--hold-out", "nobody.jpg",
                  "--poses", self.fixture.poses], 2)):
            failed = self.run_program(*words, "--quiet", code=code)
            self.assertTrue(failed.stderr.startswith("ajar: "), failed.stderr)
            self.assertEqual(failed.stderr.count("\n"), 1, failed.stderr)
            self.assertFalse(self.room.exists(), words)
        # A room among its own photographs would be photographed at the next build.
        photos = copy_photos(self.fixture, self.temp / "photos")
        self.build(photos=photos, room=photos / "room", code=3)

    def test_json_is_an_object_a_line_errors_included(self):
        done = self.build("--until", "poses", "--json")
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual(lines[-1]["type"], "done")
        self.assertEqual(lines[-1]["placed"], PHOTOS)
        failed = self.run_program("info", self.temp / "none", "--json", code=3)
        self.assertEqual(json.loads(failed.stdout)["code"], 3)

    def transforms(self):
        """The true poses as a transforms.json, by way of the program's own export."""
        return json.loads((self.fixture.poses / "transforms.json").read_text())


class Metadata(ProgramTest):
    def test_nothing_that_photographs_and_sounds_carry_reaches_the_site(self):
        photos = copy_photos(self.fixture, self.temp / "photos")
        for name in self.fixture.names():
            path = photos / name
            path.write_bytes(png_with_exif(path.read_bytes(), MARKER))
        stories = self.room / "stories"
        stories.mkdir(parents=True)
        subprocess.run(
            ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=1", "-metadata",
             f"title={MARKER.decode()}", "-metadata", f"location={MARKER.decode()}",
             stories / f"Tune {MARKER.decode()}.OGG"], check=True)
        self.assertIn(MARKER, (stories / f"Tune {MARKER.decode()}.OGG").read_bytes())
        # Phones write JPEG, with a thumbnail and what the maker likes to note.
        first = photos / self.fixture.names()[3]
        named = photos / f"{MARKER.decode()}.jpg"
        subprocess.run(["ffmpeg", "-v", "error", "-i", first, "-q:v", "2", named], check=True)
        named.write_bytes(jpeg_with_exif(named.read_bytes(), MARKER))
        first.unlink()
        (stories / f"{MARKER.decode()}.vtt").write_text("WEBVTT\n\n00:00.000 --> 00:01.000\nla\n")
        (self.room / "room.json").write_text(json.dumps({
            "version": 1, "title": "T", "originals_in_site": [named.name],
            "things": [{"id": "box", "name": "Box", "position": [0, 1, -1]}],
            "stories": [{"id": "tune", "title": "Tune", "things": ["box"],
                         "sound": f"Tune {MARKER.decode()}.OGG",
                         "captions": [{"path": f"{MARKER.decode()}.vtt", "language": "en"}]}]}))
        self.build(photos=photos)
        self.assertIn(MARKER, (self.room / "photos" / self.fixture.names()[0]).read_bytes())
        site = tree(self.room / "site")
        for name, data in site.items():
            self.assertNotIn(MARKER.decode(), name)  # phones name recordings by their place
            self.assertNotIn(MARKER, data, name)
            for trace in (b"PLANTED", b"Exif\0", b"eXIf"):
                self.assertNotIn(trace, data, name)
            if name.endswith(".webp"):
                self.assertNotIn(b"EXIF", data, name)
        visit = self.read_json("site", "visit.json")
        story = visit["stories"][0]
        self.assertEqual([source["type"] for source in story["sound"]],
                         ["audio/ogg; codecs=opus", "audio/mp4"])
        self.assertEqual((story["language"], story["captions"][0]["label"]), ("en", "en"))
        for source in story["sound"]:
            self.assertIn(source["url"], site)
        self.assertIn(story["captions"][0]["url"], site)
        self.assertEqual(len([name for name in site if name.startswith("photos/")]), 1)
        self.assertEqual(len([name for name in site if name.startswith("stories/")]), 3)

    def test_media_that_are_missing_are_named_by_their_place(self):
        self.room.mkdir()
        (self.room / "room.json").write_text(json.dumps({
            "title": "T", "stories": [{"id": "a", "title": "A", "sound": "none.mp3"}]}))
        failed = self.build(code=3)
        self.assertIn("stories[0].sound", failed.stderr)

    def test_a_playlist_is_no_sound(self):
        stories = self.room / "stories"
        stories.mkdir(parents=True)
        subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=1",
                        stories / "other.aac"], check=True)
        (stories / "list.mp3").write_text(
            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nother.aac\n#EXT-X-ENDLIST\n")
        (self.room / "room.json").write_text(json.dumps({
            "title": "T", "stories": [{"id": "a", "title": "A", "sound": "list.mp3"}]}))
        self.assertIn("no sound or video", self.build(code=3).stderr)


class Verbs(ProgramTest):
    def setUp(self):
        super().setUp()
        self.build("--hold-out", "5")

    def test_export(self):
        ply = self.temp / "room.ply"
        self.run_program("export", self.room, "--format", "ply", "-o", ply)
        header = ply.read_bytes().split(b"end_header")[0]
        splats = self.read_json("report.json")["training"]["splats"]
        self.assertIn(f"element vertex {splats}\n".encode(), header)
        self.assertNotEqual(ply.read_bytes(), (self.room / "splats" / "room.ply").read_bytes())
        self.run_program("export", self.room, "--format", "ply", "--frame", "reconstruction", "-o",
                         ply)
        self.assertEqual(ply.read_bytes(), (self.room / "splats" / "room.ply").read_bytes())

        sog = self.temp / "room.sog"
        self.run_program("export", self.room, "--format", "sog", "-o", sog)
        with zipfile.ZipFile(sog) as archive:
            self.assertIsNone(archive.testzip())
            self.assertEqual(json.loads(archive.read("meta.json"))["count"], splats)

    @unittest.skipUnless(os.environ.get("AJAR_ORACLE"), "./test fetches the other reader")
    def test_another_program_reads_the_sog_alike(self):
        ours, sog, theirs = (self.temp / name for name in ("ours.ply", "room.sog", "theirs.ply"))
        self.run_program("export", self.room, "--format", "ply", "-o", ours)
        self.run_program("export", self.room, "--format", "sog", "-o", sog)
        subprocess.run([SPLAT_TRANSFORM, sog, theirs], check=True, stdout=subprocess.DEVNULL)
        ours, theirs = read_splats(ours), read_splats(theirs)
        self.assertEqual(len(ours), len(theirs))
        theirs.sort(key=lambda splat: splat["x"])
        xs = [splat["x"] for splat in theirs]
        worst = dict.fromkeys(("place", "scale", "opacity", "colour", "rotation"), 0)
        for a in ours:
            near = theirs[bisect.bisect_left(xs, a["x"] - 0.005):
                          bisect.bisect_right(xs, a["x"] + 0.005)]
            # Splats of one place are told apart by their sizes.
            b = min(near, key=lambda s: sum((a[k] - s[k]) ** 2 for k in "xyz") +
                    1e-6 * sum((a[f"scale_{k}"] - s[f"scale_{k}"]) ** 2 for k in range(3)))
            off = {"place": max(abs(a[k] - b[k]) for k in "xyz"),
                   "scale": max(abs(a[f"scale_{k}"] - b[f"scale_{k}"]) for k in range(3)),
                   "opacity": abs(1 / (1 + math.exp(-a["opacity"])) -
                                  1 / (1 + math.exp(-b["opacity"]))),
                   "colour": max(abs(a[f"f_dc_{k}"] - b[f"f_dc_{k}"]) for k in range(3)),
                   "rotation": 1 - abs(sum(a[f"rot_{k}"] * b[f"rot_{k}"] for k in range(4)))}
            worst = {key: max(worst[key], off[key]) for key in worst}
        # What the format's 8 and 16 bits allow.
        self.assertLess(worst["place"], 2e-3)
        self.assertLess(worst["scale"], 0.15)
        self.assertLess(worst["opacity"], 0.005)
        self.assertLess(worst["colour"], 0.1)
        self.assertLess(worst["rotation"], 1e-3)

    def test_export_colmap(self):
        model = self.temp / "model"
        self.run_program("export", self.room, "--format", "colmap", "-o", model)
        self.run_program("build", self.fixture.photos, "-o", self.temp / "again", "--poses", model,
                         "--until", "poses")

    def test_render(self):
        name = self.fixture.names()[5]
        done = self.run_program("render", self.room, "--photos", name, "-o", self.temp / "views")
        self.assertIn(f"{name}.png", done.stdout)
        self.assertEqual((self.temp / "views" / f"{name}.png").read_bytes(),
                         (self.room / "evaluation" / f"{name}.render.png").read_bytes())
        self.run_program("render", self.room, "--cameras", self.fixture.poses / "transforms.json",
                         "-o", self.temp / "all")
        self.assertEqual(len(list((self.temp / "all").rglob("*.png"))), PHOTOS)
        failed = self.run_program("render", self.room, "--photos", "nobody.jpg", "-o",
                                  self.temp / "views", code=2)
        self.assertIn("nobody.jpg", failed.stderr)

    def test_render_depth(self):
        name = self.fixture.names()[5]
        self.run_program("render", self.room, "--photos", name, "--depth", "-o",
                         self.temp / "views")
        width, height, depths_mm = png16(self.temp / "views" / f"{name}.depth.png")
        self.assertEqual((width, height), png_size(self.temp / "views" / f"{name}.png"))
        seen = sorted(mm for mm in depths_mm if mm > 0)
        self.assertGreater(len(seen), 0.85 * width * height)
        # The camera stands in a room of some metres; the scale is an estimate.
        self.assertTrue(500 < seen[len(seen) // 2] < 8000, seen[len(seen) // 2])

    def test_nothing_is_written_into_the_room_itself(self):
        before = tree(self.room)
        for words in (["export", self.room, "--format", "ply", "-o", self.room / "splats/room.ply"],
                      ["export", self.room, "--format", "colmap", "-o", self.room / "photos/.."],
                      ["render", self.room, "--photos", self.fixture.names()[5], "-o",
                       self.room / "photos"]):
            self.assertIn("in the room itself", self.run_program(*words, code=2).stderr)
        self.assertEqual(tree(self.room), before)

    def test_info_of_a_damaged_ledger(self):
        ledger = self.read_json("ledger.json")
        ledger["stages"]["splats"]["report"]["splats"] = "many"
        (self.room / "ledger.json").write_text(json.dumps(ledger))
        self.assertIn("delete it", self.run_program("info", self.room, code=3).stderr)

    def test_info(self):
        info = json.loads(self.run_program("info", self.room, "--json").stdout)
        self.assertEqual(info["photographs"]["placed"], PHOTOS)
        self.assertTrue(info["has_page"])
        self.assertIn("My room", self.run_program("info", self.room).stdout)


if __name__ == "__main__":
    unittest.main()
