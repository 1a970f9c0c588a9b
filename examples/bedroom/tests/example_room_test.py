"""The example room: what makes it, and what lies in the repository. Needs numpy and Pillow; the
last test also Blender."""

import json
import pathlib
import subprocess
import sys
import tempfile
import unittest

import numpy
from PIL import Image

BEDROOM = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BEDROOM))
sys.dont_write_bytecode = True

import make_room  # noqa: E402
from bedroom import facts, phone, walk  # noqa: E402

THINGS = [facts.Thing(**{**thing, "position": tuple(thing["position"]),
                         "size": tuple(thing["size"])})
          for thing in json.loads((BEDROOM / "truth" / "things.json").read_text())]


def poses(name):
    file = json.loads((BEDROOM / "truth" / name).read_text())
    return {pathlib.Path(frame["file_path"]).name: numpy.array(frame["transform_matrix"])
            for frame in file["frames"]}


class Walk(unittest.TestCase):
    def setUp(self):
        self.taken = walk.photographs(THINGS, 1)
        self.places = numpy.array([view.pose[:3, 3] for view in self.taken])

    def test_a_person_could_have_taken_each(self):
        self.assertEqual(len(self.taken), 72)
        for view in self.taken:
            self.assertTrue(walk.can_hold(*view.pose[:3, 3]), view.name)
            self.assertTrue(1.15 < view.pose[2, 3] < 1.75, view.name)
            turn = view.pose[:3, :3]
            numpy.testing.assert_allclose(turn @ turn.T, numpy.eye(3), atol=1e-9)
            self.assertAlmostEqual(numpy.linalg.det(turn), 1, places=9)
        self.assertEqual(sum(any(view.turn) for view in self.taken), 3)

    def test_steps_are_small_and_the_circle_closes(self):
        round_walk = self.places[:40]
        steps = numpy.linalg.norm(numpy.diff(round_walk, axis=0), axis=1)
        self.assertLess(steps.max(), 0.45)
        self.assertLess(numpy.linalg.norm(round_walk[0] - round_walk[-1]), 0.5)

    def test_half_of_the_held_out_views_are_far_from_every_photograph(self):
        held_out = walk.held_out(THINGS, self.taken, 1)
        self.assertEqual(len(held_out), 16)
        far = [view for view in held_out
               if numpy.linalg.norm(self.places - view.pose[:3, 3], axis=1).min() > 0.5]
        self.assertGreaterEqual(len(far), 8)

    def test_the_same_seed_takes_the_same_way(self):
        for a, b in zip(self.taken, walk.photographs(THINGS, 1)):
            numpy.testing.assert_array_equal(a.pose, b.pose)
        self.assertFalse(numpy.array_equal(self.taken[0].pose, walk.photographs(THINGS, 2)[0].pose))


class Phone(unittest.TestCase):
    def test_the_lens_leads_each_ray_back_to_its_pixel(self):
        u, v = phone.rays(phone.WIDTH, phone.HEIGHT, phone.FOCAL_PX, phone.CX, phone.CY, phone.K1,
                          phone.K2)
        r2 = u * u + v * v
        bend = 1 + phone.K1 * r2 + phone.K2 * r2 * r2
        x, y = numpy.meshgrid(numpy.arange(phone.WIDTH) + 0.5, numpy.arange(phone.HEIGHT) + 0.5)
        self.assertLess(numpy.abs(phone.FOCAL_PX * u * bend + phone.CX - x).max(), 1e-6)
        self.assertLess(numpy.abs(phone.FOCAL_PX * v * bend + phone.CY - y).max(), 1e-6)
        # What is rendered holds all that the lens sees.
        self.assertLess(numpy.abs(phone.FOCAL_PX * u).max(), phone.RENDER_WIDTH / 2 - 2)
        self.assertLess(numpy.abs(phone.FOCAL_PX * v).max(), phone.RENDER_HEIGHT / 2 - 2)

    def test_a_still_hand_blurs_nothing_and_a_turn_moves_by_its_angle(self):
        render = numpy.zeros((60, 80, 3))
        render[30, 40] = 1
        numpy.testing.assert_allclose(phone.shaken(render, 90, (0, 0, 0)), render, atol=1e-12)
        across = phone.shaken(render, 90, (0, 0.1, 0))[30, :, 0]
        lit = numpy.nonzero(across > 0.02)[0]
        self.assertAlmostEqual(lit.max() - lit.min() + 1, 9, delta=2)  # 90 px times 0.1
        self.assertAlmostEqual(across.sum(), 1, delta=0.05)

    def test_the_tone_curve_rises_from_black_to_white(self):
        light = numpy.linspace(0, 6, 1000)
        self.assertTrue((numpy.diff(phone.tone(light)) >= 0).all())
        self.assertEqual(phone.tone(numpy.array(0.0)), 0)
        self.assertAlmostEqual(float(phone.tone(numpy.array(0.18))), 0.52, delta=0.02)

    def test_exposure_and_balance_stay_within_their_bounds(self):
        shots = phone.settings(72, 1)
        self.assertEqual(shots, phone.settings(72, 1))
        for shot in shots:
            self.assertLessEqual(abs(shot["exposure_ev"]), 0.15)
            self.assertTrue(all(0.98 <= gain <= 1.02 for gain in shot["white_balance"]))
        self.assertGreater(numpy.std([shot["exposure_ev"] for shot in shots]), 0.02)


class Committed(unittest.TestCase):
    def test_photographs_are_what_the_truth_says(self):
        photos = sorted((BEDROOM / "photos").glob("*.jpg"))
        self.assertEqual([photo.name for photo in photos], sorted(poses("photos.json")))
        sizes = [photo.stat().st_size for photo in photos]
        self.assertGreaterEqual(numpy.mean(sizes), 130_000)
        self.assertLessEqual(sum(sizes), 12_000_000)
        before = ""
        for photo in photos:
            with Image.open(photo) as picture:
                self.assertEqual(picture.size, (phone.WIDTH, phone.HEIGHT))
                exif = picture.getexif()
                details = exif.get_ifd(0x8769)
            self.assertEqual(exif[0x010F], "Ajar example")
            self.assertNotIn(0x8825, exif)  # a place
            self.assertLess(before, details[0x9003])
            before = details[0x9003]
            focal_px = details[0xA405] / 36 * phone.WIDTH
            self.assertAlmostEqual(focal_px / phone.FOCAL_PX, 1, delta=0.01)

    def test_poses_are_those_of_this_walk(self):
        for view in walk.photographs(THINGS, 1):
            numpy.testing.assert_allclose(poses("photos.json")[view.name], view.pose, atol=2e-3)

    def test_depths_are_those_of_the_room(self):
        held_out = poses("held_out.json")
        depths = sorted((BEDROOM / "truth" / "depth").glob("*.png"))
        self.assertEqual(len(depths), 12)
        for path in depths:
            depth_mm = numpy.asarray(Image.open(path))
            self.assertEqual(depth_mm.shape, (300, 400))
            pose, focal = held_out[path.stem + ".jpg"], 280
            x, y = numpy.meshgrid(numpy.arange(400) + 0.5 - 200, 150 - numpy.arange(300) - 0.5)
            ray = numpy.stack([x / focal, y / focal, -numpy.ones_like(x)], 2) @ pose[:3, :3].T
            at = pose[:3, 3] + ray * depth_mm[..., None] / 1000
            # In the room or, through its open door, in the hall; the rest is seen from the window.
            low, high = numpy.array([-0.4, -2.0, -0.1]), numpy.array([3.9, 4.4, 2.8])
            inside = (at > low).all(2) & (at < high).all(2)
            self.assertGreater(inside[depth_mm > 0].mean(), 0.9, path.name)

    def test_they_come_from_this_version_of_the_script(self):
        made_by = json.loads((BEDROOM / "truth" / "made_by.json").read_text())
        self.assertEqual(made_by["version"], make_room.VERSION)
        self.assertEqual((made_by["photographs"], made_by["held_out"]), (72, 16))

    def test_the_words_name_photographs_that_are_there(self):
        room = json.loads((BEDROOM / "room.json").read_text())
        self.assertEqual((len(room["things"]), len(room["tour"])), (8, 9))
        for place in [room["doorway"], *(thing["seen_in"] for thing in room["things"])]:
            self.assertTrue((BEDROOM / "photos" / place["photo"]).exists(), place)
        known = {thing.id for thing in THINGS}
        self.assertLessEqual({thing["id"] for thing in room["things"]}, known)


class Quick(unittest.TestCase):
    def test_a_tiny_room_is_made_and_made_again(self):
        with tempfile.TemporaryDirectory(prefix="ajar-bedroom-") as folder:
            first, again = (pathlib.Path(folder) / name for name in ("first", "again"))
            self.make(first)
            self.assertEqual(len(list((first / "photos").glob("*.jpg"))), 6)
            for name in ("photos.json", "photos_settings.json", "held_out.json", "things.json",
                         "plan.json", "plan.svg", "made_by.json", "held_out/view_01.jpg",
                         "depth/view_02.png"):
                self.assertTrue((first / "truth" / name).exists(), name)
            picture = numpy.asarray(Image.open(first / "photos" / "IMG_0001.jpg"), float)
            self.assertEqual(picture.shape, (180, 240, 3))
            self.assertGreater(picture.std(), 20)  # not one grey
            self.make(again, "--only", "IMG_0001.jpg")
            for name in ("photos/IMG_0001.jpg", "truth/photos.json", "truth/things.json"):
                self.assertEqual((first / name).read_bytes(), (again / name).read_bytes(), name)

    def make(self, folder, *words):
        done = subprocess.run([sys.executable, BEDROOM / "make_room.py", "-o", folder, "--quick",
                               *words], capture_output=True, text=True, timeout=600, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)


if __name__ == "__main__":
    unittest.main()
