#!/usr/bin/env python3
"""Makes the example room: an invented bedroom, its photographs, and the truth about both.

  python3 examples/bedroom/make_room.py -o OUT         all of it; about 45 minutes on two cores
  python3 examples/bedroom/make_room.py -o OUT --quick a tiny version, about a minute
  ... --develop-only                                   the pictures anew from what was rendered

Writes OUT/photos and OUT/truth (README.md in truth/ says what is what). What was rendered is kept
in OUT/rendered until all is done: stopped at any moment, the same command goes on. Needs Debian's
blender, python3-numpy and python3-pil, and nothing that is downloaded.
"""

import argparse
import collections
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time
import zlib

VERSION = 1
HERE = pathlib.Path(__file__).resolve().parent
kUsage, kTool = 2, 7  # exit codes, as the program has them


def words_of(argv):
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-o", "--output", type=pathlib.Path, required=True)
    parser.add_argument("--quick", action="store_true", help="tiny pictures and few of them")
    parser.add_argument(
        "--develop-only",
        action="store_true",
        help="do not render what is missing; make pictures of what is there",
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--samples", type=int, default=None, help="of each pixel of a photograph")
    parser.add_argument("--only", default="", help="names of views, parted by commas")
    return parser.parse_args(argv)


def in_blender(argv):
    """Starts Blender on this file; what follows runs inside it."""
    if shutil.which("blender") is None:
        print(
            "make_room.py: There is no blender here; on Debian: sudo apt-get install blender"
            " python3-numpy python3-pil",
            file=sys.stderr,
        )
        return kTool
    # Blender's Python looks for its home along PATH and must find Debian's, which has numpy.
    environment = dict(os.environ, PATH="/usr/bin:/bin", PYTHONDONTWRITEBYTECODE="1")
    # Blender says much of what it does; only the last of it matters, and only when it fails.
    with subprocess.Popen(
        [
            "blender",
            "-b",
            "--factory-startup",
            "--python-exit-code",
            "1",
            "-P",
            str(HERE / "make_room.py"),
            "--",
            *argv,
        ],
        stdout=subprocess.PIPE,
        env=environment,
        text=True,
        errors="replace",
    ) as blender:
        last = list(collections.deque(blender.stdout, 12))
    if blender.returncode:
        print("make_room.py: Blender failed:\n" + "".join(last), file=sys.stderr)
    return kTool if blender.returncode else 0


class Maker:
    def __init__(self, words):
        from bedroom import facts, phone, render, scene, truth, walk

        self.phone, self.render, self.truth = phone, render, truth
        self.words = words
        self.scale = 0.2 if words.quick else 1.0
        self.samples = words.samples or (4 if words.quick else 24)
        self.photos, self.facts = words.output / "photos", words.output / "truth"
        self.rendered = words.output / "rendered"
        for folder in (self.photos, self.facts / "held_out", self.rendered):
            folder.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        self.room = scene.build(words.seed, words.quick)
        self.say(f"the room stands ({time.monotonic() - began:.0f} s)")
        self.taken = walk.photographs(self.room.things, words.seed, words.quick)
        self.held_out = walk.held_out(self.room.things, self.taken, words.seed, words.quick)
        self.shots = phone.settings(len(self.taken), words.seed)

    def say(self, what):
        print(f"make_room.py: {what}", file=sys.stderr, flush=True)

    def wanted(self, views):
        names = [name for name in self.words.only.split(",") if name]
        return [view for view in views if not names or view.name in names]

    def light_of(self, view, width, height, focal, samples):
        """What was rendered of a view, or what is rendered now; None when it may not be."""
        import numpy

        kept = self.rendered / f"{view.name}.npz"
        if not kept.exists():
            if self.words.develop_only:
                return None
            began = time.monotonic()
            seen = self.render.passes(
                view.pose,
                round(width * self.scale),
                round(height * self.scale),
                focal * self.scale,
                samples,
                zlib.crc32(f"{self.words.seed} {view.name}".encode()) >> 1,
                self.rendered,
            )
            aside = self.rendered / "unfinished.npz"
            numpy.savez(aside, **seen)
            aside.rename(kept)
            self.say(f"{view.name} ({time.monotonic() - began:.0f} s)")
        with numpy.load(kept) as seen:
            return self.render.denoised(seen, view.pose, focal * self.scale)

    def make_photographs(self):
        phone = self.phone
        for number, (view, shot) in enumerate(zip(self.taken, self.shots)):
            if view not in self.wanted(self.taken):
                continue
            light = self.light_of(
                view, phone.RENDER_WIDTH, phone.RENDER_HEIGHT, phone.FOCAL_PX, self.samples
            )
            if light is not None:
                picture = phone.photograph(
                    light, phone.FOCAL_PX * self.scale, shot, self.words.seed, view, self.scale
                )
                phone.save(picture, self.photos / view.name, number)

    def make_truth(self):
        from PIL import Image

        truth = self.truth
        for number, view in enumerate(self.held_out):
            if view not in self.wanted(self.held_out):
                continue
            light = self.light_of(
                view,
                truth.HELD_OUT_WIDTH,
                truth.HELD_OUT_HEIGHT,
                truth.HELD_OUT_FOCAL_PX,
                3 * self.samples,
            )
            if light is not None:
                picture = self.phone.quantised(self.phone.tone(light))
                Image.fromarray(picture).save(
                    self.facts / "held_out" / view.name, quality=95, subsampling=0
                )
            if number % 4 != 3 and not self.words.develop_only:  # twelve of the sixteen
                width, height = (
                    round(truth.DEPTH_WIDTH * self.scale),
                    round(truth.DEPTH_HEIGHT * self.scale),
                )
                focal = truth.HELD_OUT_FOCAL_PX * truth.DEPTH_WIDTH / truth.HELD_OUT_WIDTH
                truth.write_depth(
                    self.facts / "depth" / (pathlib.Path(view.name).stem + ".png"),
                    self.render.depth_mm(view.pose, width, height, focal * self.scale),
                )
        truth.write_cameras(self.facts, self.taken, self.held_out, self.scale)
        truth.write_settings(self.facts / "photos_settings.json", self.taken, self.shots)
        truth.write_things(self.facts / "things.json", self.room.things)
        truth.write_plan(self.facts, self.room.plan, self.taken, self.held_out)

    def make(self):
        import bpy

        self.render.set_up(self.rendered)
        self.make_photographs()
        self.make_truth()
        if not self.words.only and not self.words.develop_only:
            made_by = {
                "version": VERSION,
                "seed": self.words.seed,
                "quick": self.words.quick,
                "samples": self.samples,
                "blender": bpy.app.version_string,
                "photographs": len(self.taken),
                "held_out": len(self.held_out),
            }
            (self.facts / "made_by.json").write_text(json.dumps(made_by, indent=1) + "\n")
            self.say(f"done: {self.photos} and {self.facts}; {self.rendered} can be removed")


def main():
    if "bpy" in sys.modules or "--" in sys.argv:  # inside Blender
        sys.path.insert(0, str(HERE))
        Maker(words_of(sys.argv[sys.argv.index("--") + 1 :])).make()
        return 0
    words_of(sys.argv[1:])  # mistakes are told before Blender starts
    return in_blender(sys.argv[1:])


if __name__ == "__main__":
    code = main()
    if code:
        sys.exit(code)
