"""The keeper's server: docs/edit-protocol.md, hostile requests, two windows, and kills at any moment."""

import hashlib
import http.client
import json
import math
import os
import random
import shutil
import socket
import struct
import threading
import time
import unittest
import urllib.parse

from support import ProgramTest, stop

KILLS = 50
SEED = 20261126
PIECE = 64 * 1024


def tune(seconds=3, rate=16000):
    """A WAV whose tone halts for a second in its middle."""
    samples = [int(9000 * math.sin(i * 0.35)) if abs(i / rate - seconds / 2) > 0.5 else 0
               for i in range(seconds * rate)]
    data = struct.pack(f"<{len(samples)}h", *samples)
    return (b"RIFF" + struct.pack("<I", 36 + len(data)) + b"WAVEfmt "
            + struct.pack("<IHHIIHH", 16, 1, 1, rate, 2 * rate, 2, 16)
            + b"data" + struct.pack("<I", len(data)) + data)


class Keeper:
    """What the page is to the program."""

    def __init__(self, url):
        parts = urllib.parse.urlsplit(url)
        self.port, self.secret = parts.port, parts.path.strip("/")

    def raw(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read(), answer.headers
        finally:
            connection.close()

    def ask(self, method, name, body=None, **headers):
        sent = {"Authorization": f"Bearer {self.secret}"}
        if isinstance(body, bytes):
            sent["Content-Type"] = "application/octet-stream"
        elif body is not None:
            body = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        sent.update({key.replace("_", "-"): value for key, value in headers.items()})
        status, data, got = self.raw(method, f"/{self.secret}/{name}", body, sent)
        is_json = "json" in got.get("Content-Type", "")
        return status, json.loads(data) if data and is_json else data, got

    def state(self):
        return self.ask("GET", "api/room")[1]

    def save(self, state, what="", **changes):
        return self.ask("PUT", "api/room", {"revision": state["revision"], "what": what,
                                            "document": {**state["document"], **changes}})

    def send_piece(self, upload, data, offset):
        piece = data[offset:offset + PIECE]
        return self.ask("PUT", f"api/uploads/{upload}", piece, Upload_Offset=str(offset),
                        Upload_Checksum="sha256 " + hashlib.sha256(piece).hexdigest())

    def upload(self, name, data):
        upload = self.ask("POST", "api/uploads", {"name": name, "bytes": len(data)})[1]["id"]
        for offset in range(0, len(data), PIECE):
            assert self.send_piece(upload, data, offset)[0] == 204
        return self.ask("POST", f"api/uploads/{upload}/finish",
                        {"sha256": hashlib.sha256(data).hexdigest()})


class EditTest(ProgramTest):
    """Of a room that has words and no splats yet: what needs none."""

    def setUp(self):
        super().setUp()
        (self.fixture.viewer / "edit.html").write_text("<!doctype html><title>Edit</title>")
        self.room.mkdir()
        self.write({"version": 1, "title": "A room"})

    def write(self, document):
        (self.room / "room.json").write_text(json.dumps(document))

    def open(self):
        process = self.start("edit", self.room, "--no-open", "--json")
        self.addCleanup(stop, process)
        line = process.stdout.readline()
        self.assertTrue(line, process.stderr.read() if process.poll() is not None else "")
        return process, Keeper(json.loads(line)["url"])

    def wait_for(self, keeper, name, done):
        for _ in range(600):
            answer = keeper.ask("GET", name)[1]
            if done(answer):
                return answer
            time.sleep(0.1)
        self.fail(f"{name}: {answer}")


class Telling(EditTest):
    def test_saved_undone_and_chosen_between_two_windows(self):
        _, keeper = self.open()
        first = keeper.state()
        self.assertEqual(first["document"]["title"], "A room")
        status, second, _ = keeper.save(first, "title", title="The room", mine={"kept": [1]})
        self.assertEqual((status, second["undo"]), (200, {"what": "title"}))
        self.assertEqual(self.read_json("room.json")["title"], "The room")
        # The other window made its change from what it saw.
        status, clash, _ = keeper.save(first, "", title="Another")
        self.assertEqual(status, 409)
        self.assertEqual([clash[key]["title"] for key in ("document", "base", "yours")],
                         ["The room", "A room", "Another"])
        self.assertEqual(self.read_json("room.json")["title"], "The room")
        self.assertEqual(keeper.save(clash, "", title="Another")[0], 200)
        self.assertEqual(self.read_json("room.json")["mine"], {"kept": [1]})
        # A text editor is another window, too.
        self.write({"title": "By hand"})
        self.assertEqual(keeper.ask("POST", "api/undo", {"revision": 3})[0], 409)
        state = keeper.state()
        for title in ("Another", "The room", "A room"):
            status, state, _ = keeper.ask("POST", "api/undo", {"revision": state["revision"]})
            self.assertEqual((status, state["document"]["title"]), (200, title))
        self.assertEqual(keeper.ask("POST", "api/undo", {"revision": state["revision"]})[0], 422)
        state = keeper.ask("POST", "api/redo", {"revision": state["revision"]})[1]
        self.assertEqual(state["document"]["title"], "The room")
        status, state, _ = keeper.ask("POST", "api/restore",
                                      {"revision": state["revision"], "to": 4})
        self.assertEqual(state["document"]["title"], "By hand")
        _, _, headers = keeper.ask("GET", "api/room")
        self.assertEqual(keeper.ask("GET", "api/room", If_None_Match=headers["ETag"])[0], 304)
        self.assertEqual(len(keeper.ask("GET", "api/history")[1]["entries"]), 9)
        self.assertIn("By hand", (self.room / "room.txt").read_text())
        self.assertEqual(self.run_program("edit", self.room, "--no-open", code=6).returncode, 6)

    def test_what_is_wrong_is_said_and_not_saved(self):
        _, keeper = self.open()
        state = keeper.state()
        status, answer, _ = keeper.save(state, things=[{"id": "a"}])
        self.assertEqual(status, 422)
        self.assertTrue(any("things[0].name" in line for line in answer["violations"]), answer)
        script = "<script>alert(1)</script>"
        status, state, _ = keeper.save(state, script, title=script, words=[script])
        self.assertEqual((status, state["document"]["title"]), (200, script))

    def test_a_recording_comes_in_pieces_and_is_made_ready(self):
        process, keeper = self.open()
        data = tune()
        upload = keeper.ask("POST", "api/uploads", {"name": "../Ton 1.WAV", "bytes": len(data)})[1]["id"]
        self.assertEqual(keeper.send_piece(upload, data, 0)[0], 204)
        self.assertEqual(keeper.send_piece(upload, data, 0)[0], 409)
        self.assertEqual(keeper.ask("POST", f"api/uploads/{upload}/finish", {"sha256": None})[0], 422)
        self.assertEqual(keeper.ask("PUT", f"api/uploads/{upload}", b"x", Upload_Offset=str(PIECE),
                                    Upload_Checksum="sha256 " + "0" * 64)[0], 422)
        stop(process)
        process, keeper = self.open()
        uploads = keeper.ask("GET", "api/uploads")[1]["uploads"]
        self.assertEqual([(u["name"], u["offset"]) for u in uploads], [("../Ton 1.WAV", PIECE)])
        # By its pieces a page knows whether it is the same file or another of its name and size.
        self.assertEqual(uploads[0]["pieces"],
                         [{"bytes": PIECE, "sha256": hashlib.sha256(data[:PIECE]).hexdigest()}])
        status, data_sent, headers = keeper.ask("HEAD", f"api/uploads/{upload}")
        self.assertEqual((status, headers["Upload-Offset"]), (200, str(PIECE)))
        self.assertEqual(keeper.send_piece(upload, data, PIECE)[0], 204)
        finish = {"sha256": hashlib.sha256(data).hexdigest()}
        arrived = keeper.ask("POST", f"api/uploads/{upload}/finish", finish)[1]
        self.assertEqual(arrived, {"path": "Ton 1.WAV", "kind": "sound"})
        self.assertEqual(keeper.ask("POST", f"api/uploads/{upload}/finish", finish)[1], arrived)
        self.assertEqual((self.room / "stories" / "Ton 1.WAV").read_bytes(), data)
        self.assertEqual(keeper.upload("Ton 1.WAV", data)[1]["path"], "Ton 1-2.WAV")
        ready = self.wait_for(keeper, "api/recordings/Ton%201.WAV",
                              lambda r: r["state"] in ("ready", "failed"))
        self.assertEqual(ready["state"], "ready", ready)
        self.assertAlmostEqual(ready["seconds"], 3, delta=0.05)
        self.assertAlmostEqual(ready["loudness"]["made"], -23, delta=1)
        self.assertEqual(len(ready["silences"]), 1)
        status, heard, headers = keeper.ask("GET", "heard/Ton%201.WAV", Range="bytes=0-99")
        self.assertEqual((status, len(heard), headers["Content-Type"]), (206, 100, "audio/mp4"))
        cues = keeper.ask("POST", "api/captions/spread",
                          {"recording": "Ton 1.WAV", "text": "It sounds. It goes on."})[1]["cues"]
        self.assertEqual([cue["text"] for cue in cues], ["It sounds.", "It goes on."])
        self.assertAlmostEqual(cues[1]["from"], 2, delta=0.1)
        path = keeper.ask("POST", "api/captions", {"name": "Ton", "language": "en", "cues": cues})[1]
        self.assertEqual(path, {"path": "Ton.en.vtt"})
        self.assertEqual(keeper.ask("GET", "api/captions/Ton.en.vtt")[1]["cues"][1]["text"],
                         "It goes on.")
        story = {"id": "a", "title": "A", "sound": "Ton 1.WAV",
                 "captions": [{"path": "Ton.en.vtt", "language": "en"}]}
        state = keeper.save(keeper.state(), stories=[story], tour=[{"story": "a", "pause": 60}])[1]
        self.assertEqual((state["problems"], state["tour_minutes"]), ([], 1))
        self.assertEqual(keeper.ask("DELETE", "api/recordings/Ton%201.WAV")[0], 422)
        keeper.save(state, stories=[], tour=[])
        self.assertEqual(keeper.ask("DELETE", "api/recordings/Ton%201.WAV")[0], 204)
        self.assertFalse((self.room / "stories" / "Ton 1.WAV").exists())

    def test_from_scripts(self):
        _, keeper = self.open()
        (self.temp / "tune.wav").write_bytes(tune())
        thing = self.run_program("thing", "add", self.room,
                                 '{"name": "The lamp", "position": [0, 1, -1]}').stdout
        self.assertEqual(json.loads(thing)["id"], "the-lamp")
        added = json.loads(self.run_program("story", "add", self.room, json.dumps(
            {"title": "Lit", "sound": str(self.temp / "tune.wav"), "things": ["the-lamp"]})).stdout)
        self.assertEqual((added["id"], added["sound"]), ("lit", "tune.wav"))
        # Another file of that name is not taken for the one that is there, and what an earlier one
        # left half done is not written into.
        (self.temp / "here").mkdir()
        (self.temp / "here" / "tune.wav").write_bytes(tune(1))
        refused = self.run_program("story", "add", self.room, '{"title": "Other", "sound": "tune.wav"}',
                                   code=2, cwd=self.temp / "here").stderr
        self.assertIn("another file of this name", refused)
        os.link(self.room / "stories" / "tune.wav", self.room / ".work" / "uploads" / "tune.bringing")
        other = json.loads(self.run_program("story", "add", self.room, json.dumps(
            {"title": "Other", "sound": str(self.temp / "here" / "tune.wav")})).stdout)
        self.assertEqual(other["sound"], "tune-2.wav")
        self.assertEqual((self.room / "stories" / "tune.wav").read_bytes(), tune())
        self.run_program("story", "remove", self.room, other["id"], "--recordings")
        self.run_program("tour", "set", self.room, '[{"thing": "the-lamp", "story": "lit"}]')
        self.run_program("thing", "correct", self.room, "the-lamp", '{"words": ["Brass."]}')
        self.assertEqual(keeper.state()["document"]["things"][0]["words"], ["Brass."])
        self.assertIn("things[0].name", self.run_program(
            "thing", "correct", self.room, "the-lamp", '{"name": " "}', code=3).stderr)
        self.run_program("story", "remove", self.room, "lit", "--recordings")
        self.assertFalse((self.room / "stories" / "tune.wav").exists())
        self.assertEqual(json.loads(self.run_program("tour", "list", self.room).stdout),
                         [{"thing": "the-lamp"}])
        self.assertEqual(len(keeper.ask("GET", "api/history")[1]["entries"]), 8)


# What whisper.cpp's command line does, as far as we use it; "$WHISPER_DOES" says how well.
WHISPER = r"""#!/bin/sh
printf '%s\n' "$*" > "$WHISPER_ASKED"
while [ $# -gt 0 ]; do
  case "$1" in
    -m) model=$2; shift ;;
    -f) sound=$2; shift ;;
    -of) said=$2; shift ;;
    -l) shift ;;
    -ovtt | -pp) ;;
    *) exit 9 ;;
  esac
  shift
done
[ -s "$model" ] && [ -s "$sound" ] || exit 8
echo 'whisper_print_progress_callback: progress =  50%' >&2
case "$WHISPER_DOES" in
  well)
    printf 'WEBVTT\n\n00:00:00.000 --> 00:00:01.000\n Suena.\n\n' > "$said.vtt"
    printf '00:00:01.000 --> 00:00:01.000\n Y\n\n00:00:02.000 --> 00:00:03.000\n Sigue.\n\n' >> "$said.vtt" ;;
  hear-nothing) printf 'WEBVTT\n\n' > "$said.vtt" ;;
  write-nonsense) printf 'WEBVTT\n\nat once --> later\nWords.\n' > "$said.vtt" ;;
  write-nothing) ;;
  fail) echo 'error: failed to load the model' >&2; exit 3 ;;
  die) kill -9 $$ ;;
esac
"""


class Listening(EditTest):
    """whisper.cpp, where it is installed; a stand-in is."""

    def setUp(self):
        super().setUp()
        (self.room / "stories").mkdir()
        (self.room / "stories" / "a.wav").write_bytes(tune())
        self.programs = self.temp / "bin"
        self.programs.mkdir()
        for name in ("ffmpeg", "ffprobe"):
            (self.programs / name).symlink_to(shutil.which(name))
        self.model = self.temp / "ggml-base.bin"
        self.model.write_bytes(b"a model")
        self.does = "well"

    def environment(self):
        return {**super().environment(), "PATH": str(self.programs), "HOME": str(self.temp),
                "AJAR_WHISPER_MODEL": str(self.model), "WHISPER_DOES": self.does,
                "WHISPER_ASKED": str(self.temp / "asked")}

    def install(self, name="whisper-cli"):
        (self.programs / name).write_text(WHISPER)
        (self.programs / name).chmod(0o755)

    def listen(self, does):
        """What comes of asking it to listen, by a program that was started for it."""
        self.does = does
        process, keeper = self.open()
        self.wait_for(keeper, "api/recordings/a.wav", lambda r: r["state"] == "ready")
        self.assertTrue(keeper.state()["can"]["transcribe"])
        status, job, _ = keeper.ask("POST", "api/captions/transcribe",
                                    {"recording": "a.wav", "language": "es-MX"})
        self.assertEqual(status, 202)
        done = self.wait_for(keeper, f"api/jobs/{job['id']}", lambda j: j["state"] != "running")
        stop(process)
        return done

    def test_what_it_hears_becomes_captions(self):
        for name in ("whisper-cli", "whisper-cpp"):
            self.install(name)
            job = self.listen("well")
            self.assertEqual(job["state"], "done", job)
            self.assertEqual(job["result"]["cues"], [{"from": 0, "to": 1, "text": "Suena."},
                                                     {"from": 2, "to": 3, "text": "Sigue."}])
            asked = (self.temp / "asked").read_text()
            self.assertIn(f"-m {self.model} -l es -f ", asked)
            (self.programs / name).unlink()
        self.assertEqual(self.read_json("room.json"), {"version": 1, "title": "A room"})

    def test_nothing_heard_is_no_mistake(self):
        self.install()
        self.assertEqual(self.listen("hear-nothing")["result"], {"cues": []})

    def test_what_it_cannot_do_is_said(self):
        self.install()
        for does, said in (("write-nonsense", "what whisper.cpp wrote"), ("write-nothing", "could not make out"),
                           ("fail", "could not make out"), ("die", "could not make out")):
            job = self.listen(does)
            self.assertEqual(job["state"], "failed", does)
            self.assertIn(said, " ".join(job["error"].values()), does)

    def test_where_it_or_its_model_is_missing_it_is_not_offered(self):
        for install, model in ((False, True), (True, False)):
            if install:
                self.install()
            if not model:
                self.model.unlink()
            process, keeper = self.open()
            self.wait_for(keeper, "api/recordings/a.wav", lambda r: r["state"] == "ready")
            self.assertFalse(keeper.state()["can"]["transcribe"])
            status, answer, _ = keeper.ask("POST", "api/captions/transcribe",
                                           {"recording": "a.wav", "language": "es"})
            self.assertEqual(status, 422)
            self.assertIn("not installed", answer["error"]["message"])
            stop(process)


class Hostile(EditTest):
    def setUp(self):
        super().setUp()
        (self.room / "stories").mkdir()
        (self.room / "stories" / "a.wav").write_bytes(tune(1))
        (self.temp / "secret.txt").write_text("secret")
        (self.room / "stories" / "link.txt").symlink_to(self.temp / "secret.txt")
        self.process, self.keeper = self.open()
        self.base = f"/{self.keeper.secret}/"

    def test_only_the_page_itself_may_change_anything(self):
        keeper, host = self.keeper, f"127.0.0.1:{self.keeper.port}"
        bearer = {"Authorization": f"Bearer {keeper.secret}", "Content-Type": "application/json"}
        body = json.dumps({"revision": 1, "document": {"title": "Stolen"}})
        for wanted, path, headers in (
                (401, self.base + "api/room", {"Content-Type": "application/json"}),
                (401, self.base + "api/room", {**bearer, "Authorization": "Bearer " + "0" * 32}),
                (404, "/" + "0" * 32 + "/api/room", bearer),
                (404, "/api/room", bearer),
                (403, self.base + "api/room", {**bearer, "Origin": "http://evil.example"}),
                (403, self.base + "api/room", {**bearer, "Origin": "null"}),
                (403, self.base + "api/room", {**bearer, "Host": "evil.example"}),
                (403, self.base + "api/room", {**bearer, "Sec-Fetch-Site": "same-site"}),
                (415, self.base + "api/room", {**bearer, "Content-Type": "text/plain"}),
                (415, self.base + "api/room",
                 {**bearer, "Content-Type": "application/x-www-form-urlencoded"}),
                (400, self.base + "api/room", bearer)):
            sent = "{" if wanted == 400 else body
            self.assertEqual(keeper.raw("PUT", path, sent, headers)[0], wanted, (path, headers))
        self.assertEqual(keeper.raw("GET", "/api/room")[0], 404)
        self.assertEqual(keeper.raw("OPTIONS", self.base + "api/room", None, bearer)[0], 405)
        self.assertEqual(keeper.state()["document"]["title"], "A room")
        _, _, headers = keeper.raw("GET", self.base, None, {"Host": host})
        self.assertIn("microphone=(self)", headers["Permissions-Policy"])
        self.assertNotIn("Access-Control-Allow-Origin", headers)
        self.assertNotIn("Set-Cookie", headers)

    def test_names_lead_nowhere_else(self):
        for name in ("stories/../room.json", "stories/%2e%2e/room.json", "stories/..%2froom.json",
                     "stories/link.txt", "photos/../room.json", "photos/%2e%2e%2froom.json",
                     "heard/../../room.json", "api/recordings/../../room.json",
                     "api/recordings/link.txt", "api/captions/..%2fa.vtt", "api/history/../1",
                     "site/../room.json", "api/uploads/../../room", "api/jobs/1/../2",
                     "api/history/99", "api/history/-1", "api/jobs/x", "room.json", ".work/edit.lock"):
            status, data, _ = self.keeper.raw("GET", self.base + name)
            self.assertIn(status, (404, 422), name)
            self.assertNotIn(b"secret", data)
        for name in ("../../x.wav", "/etc/x.wav", "..\\x.wav", "\0x.wav", ".hidden.wav", "....wav", ""):
            status, arrived, _ = self.keeper.upload(name, tune(1))
            if status == 200:
                self.assertTrue((self.room / "stories" / arrived["path"]).is_file(), name)
                self.assertNotIn("/", arrived["path"])
                self.assertFalse(arrived["path"].startswith("."), name)
        self.assertEqual(list(self.temp.glob("*.wav")), [])

    def test_what_is_too_large_is_refused_unread(self):
        status, answer, _ = self.keeper.ask("POST", "api/uploads",
                                            {"name": "a.wav", "bytes": 10 * 2 ** 30})
        self.assertIn(status, (413, 507))
        self.assertIn("GiB", answer["error"]["message"])
        with socket.create_connection(("127.0.0.1", self.keeper.port), timeout=10) as raw:
            raw.sendall((f"PUT {self.base}api/room HTTP/1.1\r\nHost: 127.0.0.1:{self.keeper.port}\r\n"
                         f"Authorization: Bearer {self.keeper.secret}\r\n"
                         f"Content-Length: {10 * 2 ** 30}\r\n\r\n").encode())
            self.assertIn(b" 413 ", raw.recv(200))
        for body in (b"[" * 100_000, b'{"revision": 1e999, "document": {}}', b"\xff\xfe"):
            status, _, _ = self.keeper.raw("PUT", self.base + "api/room", body, {
                "Authorization": f"Bearer {self.keeper.secret}", "Content-Type": "application/json"})
            self.assertEqual(status, 400)
        bomb = "WEBVTT\n" + "\n00:00.000 --> 00:01.000\na\n" * 20_001
        self.assertEqual(self.keeper.ask("POST", "api/captions/read", {"text": bomb})[0], 422)
        self.assertEqual(self.keeper.ask("POST", "api/captions/read",
                                         {"text": "WEBVTT\n" + "x" * (3 << 20)})[0], 422)
        self.assertEqual(self.keeper.upload("bomb.vtt", bomb.encode())[0], 422)
        for name, data in (("a.wav", b"no sound"), ("a.m3u8", b"#EXTM3U\nfile:///etc/passwd\n"),
                           ("a.html", b"<script>"), ("a.mp3", b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n")):
            self.assertEqual(self.keeper.upload(name, data)[0], 422, name)
        self.assertEqual(sorted(p.name for p in (self.room / "stories").iterdir()),
                         ["a.wav", "link.txt"])


class Kills(EditTest):
    def test_killed_at_random_moments_nothing_said_to_be_saved_is_lost_or_torn(self):
        moments = random.Random(SEED)
        data = random.Random(1).randbytes(40 * PIECE)
        data = tune(1) + data  # FFmpeg reads as much as the header says
        saved, offset, upload, arrived, saving = "A room", 0, None, [], None
        for kill in range(KILLS):
            process, keeper = self.open()
            state = keeper.state()
            # The last change may have been done without having been said.
            self.assertIn(state["document"]["title"], (saved, saving), f"seed {SEED}, kill {kill}")
            saved = state["document"]["title"]
            entries = keeper.ask("GET", "api/history")[1]["entries"]
            self.assertEqual([e["revision"] for e in entries], list(range(1, len(entries) + 1)))
            self.assertEqual(len([e for e in entries if e["kind"] == "outside"]), 1)
            for path in arrived:
                self.assertEqual((self.room / "stories" / path).read_bytes(), data)
            end = time.monotonic() + moments.uniform(0.01, 0.35)
            killer = self.kill_at(process, end)
            try:
                for step in range(10_000):
                    saving = f"Title {kill}.{step}"
                    status, state, _ = keeper.save(state, f"step {step}", title=saving)
                    self.assertEqual(status, 200)
                    saved = saving
                    if upload is None:
                        upload = keeper.ask("POST", "api/uploads",
                                            {"name": "long.wav", "bytes": len(data)})[1]["id"]
                        offset = 0
                    now = int(keeper.ask("HEAD", f"api/uploads/{upload}")[2]["Upload-Offset"])
                    self.assertGreaterEqual(now, offset)
                    offset = now
                    if offset < len(data):
                        status, _, headers = keeper.send_piece(upload, data, offset)
                        self.assertEqual(status, 204)
                        offset = int(headers["Upload-Offset"])
                    else:
                        status, answer, _ = keeper.ask("POST", f"api/uploads/{upload}/finish", {
                            "sha256": hashlib.sha256(data).hexdigest()})
                        self.assertEqual(status, 200, answer)
                        arrived.append(answer["path"])
                        upload = None
            except (OSError, http.client.HTTPException):
                pass  # it was killed
            killer.join()
            stop(process)
            json.loads((self.room / "room.json").read_text())
        # All the way back: every version is whole.
        _, keeper = self.open()
        state, steps = keeper.state(), 0
        while state["undo"]:
            status, state, _ = keeper.ask("POST", "api/undo", {"revision": state["revision"]})
            self.assertEqual(status, 200)
            steps += 1
        self.assertEqual(state["document"]["title"], "A room")
        self.assertGreater(steps, KILLS)
        self.assertGreater(len(arrived), 0)

    @staticmethod
    def kill_at(process, moment):
        def wait_and_kill():
            time.sleep(max(0, moment - time.monotonic()))
            process.kill()

        thread = threading.Thread(target=wait_and_kill)
        thread.start()
        return thread


if __name__ == "__main__":
    unittest.main()
