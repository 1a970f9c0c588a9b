"""What the whole-program tests share: a small synthetic room, and ways to run the program."""

import json
import os
import pathlib
import shutil
import signal
import struct
import subprocess
import tempfile
import unittest
import zlib

AJAR = os.environ["AJAR_PROGRAM"]
MAKER = os.environ["AJAR_SYNTHETIC_ROOM"]

PHOTOS = 10
ITERATIONS = 100
TRAINING = ["--iterations", str(ITERATIONS), "--splats", "3000", "--long-side", "240"]


class Fixture:
    """Photographs with true poses and a stand-in for the page; made once, never written to."""

    _made = None

    @classmethod
    def get(cls):
        if cls._made is None:
            cls._made = cls()
        return cls._made

    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="ajar-program-")
        root = pathlib.Path(self._folder.name)
        subprocess.run(
            [MAKER, str(root / "photos"), "--truth", str(root / "truth"), "--photos",
             str(PHOTOS), "--size", "320x240"],
            check=True, stdout=subprocess.DEVNULL)
        self.photos = root / "photos"
        self.poses = root / "truth"
        self.viewer = root / "viewer"
        (self.viewer / "assets").mkdir(parents=True)
        (self.viewer / "index.html").write_text("<!doctype html><title>A room</title>")
        (self.viewer / "assets" / "page.js").write_text("'use strict';")
        (self.viewer / "assets" / "edit").mkdir()
        (self.viewer / "assets" / "edit" / "page.js").write_text("'use strict';")
        (self.viewer / "edit.html").write_text("<!doctype html><title>The keeper's</title>")

    def names(self):
        return sorted(path.name for path in self.photos.iterdir())


class ProgramTest(unittest.TestCase):
    """A test with a temporary folder of its own."""

    def setUp(self):
        self.fixture = Fixture.get()
        self._folder = tempfile.TemporaryDirectory(prefix="ajar-test-")
        self.addCleanup(self._folder.cleanup)
        self.temp = pathlib.Path(self._folder.name)
        self.room = self.temp / "my-room"

    def environment(self):
        return dict(os.environ, AJAR_VIEWER_DIST=str(self.fixture.viewer))

    def start(self, *words, **options):
        return subprocess.Popen(
            [AJAR, *map(str, words)], env=self.environment(), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, **options)

    def run_program(self, *words, code=0, **options):
        done = subprocess.run(
            [AJAR, *map(str, words)], env=self.environment(), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, timeout=300, **options)
        self.assertEqual(done.returncode, code, f"{words}\n{done.stdout}\n{done.stderr}")
        return done

    def build_words(self, *more, photos=None, room=None):
        return ["build", photos or self.fixture.photos, "-o", room or self.room, "--poses",
                self.fixture.poses, *TRAINING, *more]

    def build(self, *more, code=0, photos=None, room=None):
        return self.run_program(*self.build_words(*more, photos=photos, room=room), code=code)

    def read_json(self, *parts):
        return json.loads(self.room.joinpath(*parts).read_text())


def tree(folder, leave_out=(".work", ".lock")):
    """Path to content of every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and path.relative_to(folder).parts[0] not in leave_out}


def stop(process):
    """Ends a process that a test started, whatever state it is in, and gives its exit code."""
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.communicate()
    return process.returncode


def png_size(path):
    data = path.read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n"), path
    return struct.unpack(">II", data[16:24])


def png16(path):
    """Width, height and the numbers of a grey PNG of 16 bits."""
    data = path.read_bytes()
    width, height, bits, colour = struct.unpack(">IIBB", data[16:26])
    assert (bits, colour) == (16, 0), (bits, colour)
    packed, at = b"", 8
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at:at + 8])
        packed += data[at + 8:at + 8 + size] if kind == b"IDAT" else b""
        at += 12 + size
    lines, stride, before = zlib.decompress(packed), 2 * width, bytearray(2 * width)
    numbers = []
    for y in range(height):
        method = lines[y * (stride + 1)]
        line = bytearray(lines[y * (stride + 1) + 1:(y + 1) * (stride + 1)])
        for i in range(stride):
            left, up = line[i - 2] if i >= 2 else 0, before[i]
            corner = before[i - 2] if i >= 2 else 0
            nearest = min((left, up, corner), key=lambda x: abs(left + up - corner - x))
            line[i] = (line[i] + (0, left, up, (left + up) // 2, nearest)[method]) & 255
        numbers += struct.unpack(f">{width}H", line)
        before = line
    return width, height, numbers


def read_splats(path):
    """A PLY of floats as a list of one dictionary a splat."""
    header, body = path.read_bytes().split(b"end_header\n", 1)
    names = [line.split()[2] for line in header.decode().splitlines()
             if line.startswith("property float")]
    return [dict(zip(names, values)) for values in struct.iter_unpack(f"<{len(names)}f", body)]


def exif(marker, *more):
    """An EXIF block whose GPS area holds the marker; `more` goes behind it."""
    text = b"ASCII\0\0\0" + marker
    gps_offset = 8 + 2 + 12 + 4
    text_offset = gps_offset + 2 + 12 + 4
    return (b"II*\0" + struct.pack("<I", 8)
            + struct.pack("<HHHII", 1, 0x8825, 4, 1, gps_offset) + struct.pack("<I", 0)
            + struct.pack("<HHHII", 1, 0x001C, 7, len(text), text_offset) + struct.pack("<I", 0)
            + text + b"".join(more))


def png_with_exif(data, marker):
    """The PNG with that EXIF block, and the marker in a text chunk."""

    def chunk(kind, body):
        return (struct.pack(">I", len(body)) + kind + body
                + struct.pack(">I", zlib.crc32(kind + body)))

    after_header = 8 + 25
    return (data[:after_header] + chunk(b"eXIf", exif(marker))
            + chunk(b"tEXt", b"Comment\0" + marker) + data[after_header:])


def jpeg_with_exif(data, marker):
    """The JPEG with that EXIF block, a thumbnail behind it, and the marker in a comment."""

    def segment(kind, body):
        return b"\xff" + kind + struct.pack(">H", len(body) + 2) + body

    thumbnail = b"\xff\xd8" + segment(b"\xfe", marker) + b"\xff\xd9"
    return (data[:2] + segment(b"\xe1", b"Exif\0\0" + exif(marker, b"MakerNote", marker, thumbnail))
            + segment(b"\xfe", marker) + data[2:])


def copy_photos(fixture, target):
    shutil.copytree(fixture.photos, target)
    return target
