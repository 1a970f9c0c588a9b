import { expect, test } from "vitest";
import { cueAt, cuesWith, parseCaptions } from "./captions";

test("cues: times, voices, plain words", () => {
  const cues = parseCaptions(
    "\ufeffWEBVTT - A title\r\n\r\nNOTE written by hand\r\n--> not a cue\r\n\r\n" +
      "first\r\n00:01.500 --> 00:03.000 align:start\r\n" +
      "<v Ana María>It was <i>always</i>\r\ncold &amp; bright.\r\n\r\n" +
      "01:00:02.000 --> 01:00:04.250\r\n&lt;silence&gt; &unknown;\r\n",
  );
  expect(cues).toEqual([
    { start_s: 1.5, end_s: 3, speaker: "Ana María", text: "It was always cold & bright." },
    { start_s: 3602, end_s: 3604.25, speaker: null, text: "<silence> &unknown;" },
  ]);
});

test("styles, broken times and empty cues are left out", () => {
  const cues = parseCaptions(
    "WEBVTT\n\nSTYLE\n::cue { color: red }\n\n1:00 --> 2:00\nBroken.\n\n" +
      "00:01.000 --> 00:02.000\n\n00:03.000 --> 00:04.000\nWhole.\n",
  );
  expect(cues).toEqual([{ start_s: 3, end_s: 4, speaker: null, text: "Whole." }]);
});

test("what is not WebVTT is nothing", () => {
  expect(parseCaptions("<!doctype html>")).toBeNull();
  expect(parseCaptions("WEBVTTX\n\n00:01.000 --> 00:02.000\nNo.\n")).toBeNull();
  expect(parseCaptions("")).toBeNull();
  expect(parseCaptions("WEBVTT")).toEqual([]);
});

test("the cue of a moment: from its start until just before its end", () => {
  const cues = parseCaptions(
    "WEBVTT\n\n00:01.000 --> 00:02.000\nOne.\n\n00:02.000 --> 00:03.000\nTwo.\n")!;
  expect([0.9, 1, 1.999, 2, 3].map((time) => cueAt(cues, time))).toEqual([-1, 0, 0, 1, -1]);
});

test("words are found in any case and without their accents", () => {
  const cues = parseCaptions("WEBVTT\n\n00:01.000 --> 00:02.000\nLa canción de María.\n\n" +
    "00:02.000 --> 00:03.000\nUna ventana.\n")!;
  expect(cuesWith(cues, " MARIA ")).toEqual([0]);
  expect(cuesWith(cues, "canción")).toEqual([0]);
  expect(cuesWith(cues, "an")).toEqual([0, 1]);
  expect(cuesWith(cues, "")).toEqual([0, 1]);
  expect(cuesWith(cues, "nobody")).toEqual([]);
});
