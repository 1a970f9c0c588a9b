// A story's recording: made here, brought as a file, heard, and taken away again.
import { button, el } from "../dom";
import { timeText } from "../time_text";
import type { Recording } from "./client";
import { change, routeTo, type Desk } from "./desk";
import { removal } from "./fields";
import { Microphone, NoMicrophone, type Recorded } from "./microphone";
import { idFor, withItem, type Story } from "./room_document";
import { unfinishedUploads, upload } from "./upload";

const look_ms = 1000; // whether it is ready for visitors
const meter_ms = 100;
const quiet_dB = -50; // below it nobody can be heard
const quiet_s = 4;
const copying_ms = 60_000; // a browser has begun to copy by then

export const recordingOf = (story: Story): string | null => story.video ?? story.sound ?? null;
const addressOf = (path: string) => `stories/${path.split("/").map(encodeURIComponent).join("/")}`;

// The recording as it came, to hear.
export function playerOf(desk: Desk, story: Story, path: string): HTMLMediaElement {
  return el(story.video ? "video" : "audio", {
    controls: true, preload: "metadata", src: addressOf(path),
    "aria-label": `${desk.texts.recording_player}: ${story.title}`,
  });
}

export interface RecordingSection {
  readonly element: HTMLElement;
  readonly leave: () => void; // what is being recorded is kept
  readonly busy: () => boolean;
}

const onTheirWay = new Set<string>(); // ids of stories whose recordings are being kept, on whatever page
// What was recorded here and could not be kept is nowhere else: it stays until it is, or is let go.
const unkept = new Map<string, { readonly bytes: Blob; readonly name: string }>();

export const keepsRecordings = (): boolean => onTheirWay.size + unkept.size > 0;

export function recordingSection(desk: Desk, story: Story): RecordingSection {
  const { texts, client, keeping } = desk;
  const body = el("div", { class: "recording" });
  const said = el("p", { class: "message", role: "status" });
  let microphone: Microphone | null = null;
  let meter = 0;
  let looking = 0;
  const path = recordingOf(story);

  function choices(again: boolean): HTMLElement {
    const file = el("input", {
      type: "file", id: "file", class: "unseen", accept: "audio/*,video/*", tabindex: "-1", "aria-hidden": "true",
    });
    file.addEventListener("change", () => {
      const chosen = file.files?.[0];
      if (chosen) void keep(chosen, chosen.name);
    });
    const record = button(texts.record, () => void listen(), again ? "" : "main");
    record.id = "record";
    return el("div", {},
      el("div", { class: "choices" }, record, button(texts.bring, () => file.click()), file),
      el("p", { class: "small" }, texts.bring_help));
  }

  function begin(): void {
    if (onTheirWay.has(story.id)) {
      body.replaceChildren(el("p", { class: "small" }, texts.upload_name));
      return;
    }
    const waits = unkept.get(story.id);
    if (waits) return showUnkept(waits.bytes, waits.name);
    if (path === null) {
      const unfinished = el("p", { class: "small" });
      body.replaceChildren(el("p", { class: "small" }, texts.story_recording_none), choices(false), unfinished);
      void unfinishedUploads(client).then(([first]) => {
        if (first !== undefined) unfinished.textContent = texts.upload_goes_on(first);
      });
      return;
    }
    const state = el("p", { class: "small" });
    const trim = el("div", {});
    body.replaceChildren(playerOf(desk, story, path), state, trim,
      el("details", {}, el("summary", {}, texts.record_again), choices(true)),
      removal(texts.recording_remove, texts.recording_remove_sure, texts.recording_remove_yes, texts.no_keep, () => {
        change(desk, texts.did.recording(story.title), (room) =>
          withItem(room, "stories", story.id, ({ sound: _, video: __, trim: ___, passages: ____, captions: _____, ...others }) => others));
        desk.again("record");
      }));
    void look(path, state, trim);
  }

  function showUnkept(bytes: Blob, name: string): void {
    const copy = el("a", { class: "button", href: "#", download: name }, texts.recording_aside);
    copy.addEventListener("click", () => {
      const address = URL.createObjectURL(bytes);
      copy.href = address;
      window.setTimeout(() => URL.revokeObjectURL(address), copying_ms);
    });
    body.replaceChildren(el("p", {}, texts.recording_unkept),
      el("div", { class: "choices" }, button(texts.recording_keep_again, () => void keep(bytes, name), "main"), copy),
      removal(texts.record_drop, texts.record_drop_sure, texts.record_drop_yes, texts.no_keep, () => {
        unkept.delete(story.id);
        said.textContent = "";
        begin();
      }));
  }

  async function look(of: string, state: HTMLElement, trim: HTMLElement): Promise<void> {
    const recording = await client.recording(of).catch(() => null);
    if (recording === null || !state.isConnected) return;
    state.textContent = stateOf(recording);
    if (recording.state === "ready") trim.replaceChildren(...trimChoice(recording));
    else if (recording.state !== "failed") looking = window.setTimeout(() => void look(of, state, trim), look_ms);
  }

  function stateOf({ state, seconds, error }: Recording): string {
    const length = seconds === null ? "" : `${texts.recording_seconds(timeText(seconds))} `;
    if (state === "failed") {
      return texts.recording_failed(typeof error === "string" ? error : error?.message ?? "");
    }
    return length + (state === "ready" ? texts.recording_ready : texts.recording_making);
  }

  function trimChoice({ speech, seconds }: Recording): HTMLElement[] {
    if (!speech || seconds === null || (speech.from < 0.3 && speech.to > seconds - 0.3)) return [];
    const box = el("input", { type: "checkbox", id: "trim" });
    box.checked = story.trim !== null && story.trim !== undefined;
    box.addEventListener("change", () => change(desk, texts.did.recording(story.title), (room) =>
      withItem(room, "stories", story.id, ({ trim: _, ...others }) =>
        (box.checked ? { ...others, trim: { from: speech.from, to: speech.to } } : others))));
    return [el("label", { class: "check" }, box, el("span", {}, texts.trim))];
  }

  async function listen(): Promise<void> {
    said.textContent = texts.microphone_waits;
    try {
      microphone = await Microphone.open();
    } catch (error) {
      if (!(error instanceof NoMicrophone)) throw error;
      said.textContent = error.why === "refused" ? texts.microphone_refused : texts.microphone_none;
      return;
    }
    if (!body.isConnected) return microphone.drop();
    said.textContent = "";
    microphone.start();
    showRecording(microphone);
  }

  function showRecording(from: Microphone): void {
    const clock = el("p", { class: "recorded" });
    const level = el("meter", { min: "-60", max: "0", low: "-45", high: "-6", optimum: "-20", "aria-label": texts.record_level });
    let quietFor = 0;
    const tell = () => {
      const loud = from.level_dB;
      level.value = Math.max(-60, loud);
      const time = timeText(from.seconds);
      clock.textContent = from.paused ? texts.recording_paused(time) : texts.recording_now(time);
      quietFor = from.paused || loud > quiet_dB ? 0 : quietFor + meter_ms / 1000;
      const words = quietFor > quiet_s ? texts.record_quiet : "";
      if (said.textContent !== words) said.textContent = words;
    };
    meter = window.setInterval(tell, meter_ms);
    const hold = button(texts.record_pause, () => {
      if (from.paused) from.goOn();
      else from.pause();
      hold.textContent = from.paused ? texts.record_go_on : texts.record_pause;
      tell();
    });
    const end = (words: string) => {
      if (microphone !== from) return;
      microphone = null;
      window.clearInterval(meter);
      said.textContent = words;
      void from.finish().then((recorded) => kept(recorded, words));
    };
    const finish = button(texts.record_finish, () => end(""), "main");
    void from.ended.then(() => end(texts.microphone_gone));
    body.replaceChildren(clock, level, el("div", { class: "choices" }, finish, hold),
      removal(texts.record_drop, texts.record_drop_sure, texts.record_drop_yes, texts.no_keep, () => {
        window.clearInterval(meter);
        microphone = null;
        from.drop();
        said.textContent = "";
        begin();
      }));
    tell();
    finish.focus();
  }

  function kept({ bytes, ending }: Recorded, words = ""): Promise<void> {
    return keep(bytes, `${idFor(story.title, [], "story")}.${ending}`, words);
  }

  async function keep(bytes: Blob, name: string, words = ""): Promise<void> {
    const way = new AbortController();
    const isFile = bytes instanceof File;
    unkept.delete(story.id);
    onTheirWay.add(story.id);
    const bar = el("progress", { id: "kept", max: "100", value: "0" });
    const amount = el("p", { class: "small" }, texts.uploading(0));
    const copy = isFile ? null : URL.createObjectURL(bytes);
    const aside = copy === null ? null
      : el("a", { class: "button", href: copy, download: name, hidden: true }, texts.recording_aside);
    body.replaceChildren(el("label", { for: "kept" }, texts.upload_name), bar, amount,
      el("div", { class: "choices" }, button(texts.upload_stop, () => way.abort()), aside));
    said.textContent = words;
    try {
      const { path: there, kind } = await upload(client, bytes, name, {
        signal: way.signal,
        progress: (share) => {
          bar.value = Math.floor(share * 100);
          amount.textContent = texts.uploading(Math.floor(share * 100));
        },
        waiting: (waits) => {
          said.textContent = waits ? texts.upload_waits : words;
          if (waits && aside) aside.hidden = false;
        },
      });
      onTheirWay.delete(story.id);
      change(desk, texts.did.recording(story.title), (room) =>
        withItem(room, "stories", story.id, ({ sound: _, video: __, trim: ___, passages: ____, captions: _____, ...others }) =>
          ({ ...others, [kind === "video" ? "video" : "sound"]: there })));
      await keeping.settle();
      desk.say(texts.recording_kept);
      if (location.hash === `#${routeTo("story", story.id)}`) desk.again();
    } catch (error) {
      onTheirWay.delete(story.id);
      if (!isFile) unkept.set(story.id, { bytes, name });
      if (!way.signal.aborted) {
        if (body.isConnected) said.textContent = error instanceof Error ? error.message : String(error);
        else desk.trouble(error);
      }
      begin();
    } finally {
      if (copy !== null) URL.revokeObjectURL(copy);
    }
  }

  begin();
  return {
    element: el("section", { class: "group" }, el("h2", {}, texts.story_recording), body, said),
    busy: () => microphone !== null || onTheirWay.has(story.id),
    leave: () => {
      window.clearInterval(meter);
      window.clearTimeout(looking);
      const from = microphone;
      microphone = null;
      if (from !== null) void from.finish().then((recorded) => kept(recorded));
    },
  };
}
