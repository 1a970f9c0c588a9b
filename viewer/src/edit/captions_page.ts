// The captions of one story in one language: brought, laid over the recording, or written line by line.
import { button, el } from "../dom";
import { newLine_s, readable, type Line } from "./caption_lines";
import type { Cue } from "./client";
import { change, nameOf, routeTo, sheet, type Desk, type Page } from "./desk";
import { playerOf, recordingOf } from "./recording_section";
import { storiesIn, withItem, type RoomDocument, type Story } from "./room_document";
import { titleIn } from "./stories_pages";

const most_bytes = 2 * 1024 * 1024;

const seconds = (time: number) => String(Math.round(time * 100) / 100);

// A file of text, as it was written: UTF-8, or what older programs write. Nothing where it is no text.
export async function textOfFile(file: Blob): Promise<string | null> {
  if (file.size > most_bytes) return null;
  const bytes = await file.arrayBuffer();
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    text = new TextDecoder("windows-1252").decode(bytes);
  }
  return /[\0-\x08\x0e-\x1f]/.test(text) ? null : text;
}

// What was written and could not be kept, by story and language: it is there again on the same page.
const drafts = new Map<string, Line[]>();

export const keepsCaptions = (room: RoomDocument): boolean =>
  storiesIn(room).some(({ id }) => [...drafts.keys()].some((key) => key.endsWith(` ${id}`)));

export function captionsPage(desk: Desk, id: string, language: string):
    (Page & { readonly busy: () => boolean }) | null {
  const story = storiesIn(desk.keeping.room).find((each) => each.id === id);
  const recording = story && recordingOf(story);
  if (!story || !recording) return null;
  const editor = new CaptionsEditor(desk, story, recording, language);
  const { texts } = desk;
  const title = texts.captions_title(titleIn(desk, story), nameOf(desk, language));
  return {
    title, withRoom: false, busy: () => editor.unsaved, leave: () => editor.leave(),
    element: sheet([routeTo("story", id), titleIn(desk, story)], title,
      el("p", {}, texts.captions_intro), editor.element),
  };
}

class CaptionsEditor {
  readonly element: HTMLElement;
  unsaved = false;
  private lines: Line[] = [];
  private readonly player: HTMLMediaElement;
  private readonly list = el("ol", { class: "cues" });
  private readonly said = el("p", { class: "message", role: "status" });
  private readonly kept = el("p", { class: "small" });
  private readonly after: HTMLElement;
  private stopAt = Infinity;

  constructor(
    private readonly desk: Desk,
    private readonly story: Story,
    private readonly recording: string,
    private readonly language: string,
  ) {
    const { texts } = desk;
    this.player = playerOf(desk, story, recording);
    this.player.addEventListener("timeupdate", () => {
      if (this.player.currentTime < this.stopAt) return;
      this.stopAt = Infinity;
      this.player.pause();
    });
    const add = button(texts.captions_append, () => {
      const from = this.player.currentTime;
      this.lines.push({ from, to: from + newLine_s, text: "" });
      this.show(this.lines.length - 1);
      this.touch();
    });
    const save = button(texts.captions_save, () => void this.save(), "main");
    this.after = el("div", { class: "group" }, el("h2", {}, texts.captions_lines), this.list,
      el("div", { class: "choices" }, save, add), this.kept);
    this.element = el("div", { class: "captions" },
      el("div", { class: "player" }, this.player), this.ways(), this.said, this.after);
    void this.load();
  }

  // The several ways to begin.
  private ways(): HTMLElement {
    const { texts, client, keeping: { state } } = this.desk;
    const text = el("textarea", {
      id: "all", rows: "6", lang: this.language, "aria-describedby": "all-help",
    });
    const spread = button(texts.captions_spread, () => {
      if (text.value.trim() === "") return text.focus();
      void this.take(() => client.spreadCaptions(this.recording, text.value));
    });
    const file = el("input", {
      type: "file", class: "unseen", accept: ".vtt,.srt,.txt,text/vtt,text/plain", tabindex: "-1", "aria-hidden": "true",
      id: "captions-file",
    });
    file.addEventListener("change", () => {
      const chosen = file.files?.[0];
      if (chosen) void this.bring(chosen);
      file.value = "";
    });
    const others = (this.story.captions ?? []).filter((each) => each.language !== this.language);
    return el("div", { class: "group" },
      el("div", { class: "field" }, el("label", { for: "all" }, texts.captions_text),
        el("p", { class: "small", id: "all-help" }, texts.captions_text_help), text),
      el("div", { class: "choices" }, spread, button(texts.captions_bring, () => file.click()), file,
        state.can.transcribe ? button(texts.captions_transcribe, () => {
          this.said.textContent = texts.captions_transcribing;
          void this.take(async () => {
            const cues = await client.transcribe(this.recording, this.language, () => {});
            if (cues.length === 0) throw new Error(texts.captions_heard_nothing);
            return cues;
          });
        }) : null,
        ...others.map(({ path, language }) => button(texts.captions_from_language(nameOf(this.desk, language)),
          () => void this.take(() => client.captions(path))))),
      el("p", { class: "small" }, texts.captions_bring_help, others.length > 0 ? ` ${texts.captions_begin_help}` : ""));
  }

  private get key(): string {
    return `${this.language} ${this.story.id}`;
  }

  private async load(): Promise<void> {
    const draft = drafts.get(this.key);
    if (draft !== undefined) {
      await undefined; // until it stands on the page
      this.lines = draft;
      this.show(null);
      return this.touch();
    }
    const there = (this.story.captions ?? []).find((each) => each.language === this.language);
    if (there === undefined) return this.show(null);
    await this.take(() => this.desk.client.captions(there.path), false);
  }

  private async bring(file: Blob): Promise<void> {
    const text = await textOfFile(file);
    if (text === null) {
      this.said.textContent = this.desk.texts.captions_file_wrong;
      return;
    }
    const { client } = this.desk;
    await this.take(() => (text.includes("-->") ? client.readCaptions(text)
      : client.spreadCaptions(this.recording, text)));
  }

  private async take(ask: () => Promise<readonly Cue[]>, other = true): Promise<void> {
    try {
      this.lines = (await ask()).map(({ from, to, text }) => ({ from, to, text }));
      if (!this.element.isConnected) {
        // What took long is there when one comes back.
        if (other) drafts.set(this.key, this.lines);
        return;
      }
      this.said.textContent = "";
      this.show(other && this.lines.length > 0 ? 0 : null);
      if (other) this.touch();
    } catch (error) {
      this.said.textContent = error instanceof Error ? error.message : String(error);
    }
  }

  // What was written is not lost by going to another page.
  leave(): void {
    this.player.pause();
    if (this.unsaved) void this.save();
    this.desk.unkept(null);
  }

  private touch(): void {
    this.unsaved = true;
    this.kept.textContent = "";
    this.desk.unkept(this.desk.texts.captions_unsaved);
  }

  // With the focus on the words of one of the lines.
  private show(focus: number | null): void {
    this.after.hidden = false;
    this.list.replaceChildren(...this.lines.map((line, i) => this.row(line, i)));
    if (focus !== null) this.list.querySelectorAll("textarea")[focus]?.focus();
  }

  private row(line: Line, i: number): HTMLElement {
    const { texts } = this.desk;
    const number = i + 1;
    const words = el("textarea", { rows: "2", "aria-label": texts.captions_line(number), lang: this.language });
    words.value = line.text;
    words.addEventListener("input", () => {
      line.text = words.value;
      this.touch();
    });
    const time = (short: string, name: string, key: "from" | "to") => {
      const box = el("input", { type: "number", step: "0.1", min: "0", "aria-label": name });
      box.value = seconds(line[key]);
      box.addEventListener("change", () => {
        const value = Number(box.value);
        if (box.value !== "" && value >= 0) line[key] = value;
        box.value = seconds(line[key]);
        this.touch();
      });
      return el("label", {}, short, box);
    };
    const hear = button(texts.captions_hear_short, () => {
      this.player.currentTime = line.from;
      this.stopAt = line.to;
      void this.player.play();
    });
    hear.setAttribute("aria-label", texts.captions_hear(number));
    const away = button(texts.captions_delete_short, () => {
      this.lines = this.lines.filter((each) => each !== line);
      this.show(Math.min(i, this.lines.length - 1));
      this.touch();
    });
    away.setAttribute("aria-label", texts.captions_delete(number));
    return el("li", {}, words, el("div", { class: "choices" },
      time(texts.captions_from_short, texts.captions_from(number), "from"),
      time(texts.captions_to_short, texts.captions_to(number), "to"), hear, away));
  }

  private async save(): Promise<void> {
    const { desk, story, language } = this;
    drafts.set(this.key, this.lines);
    try {
      const path = await desk.client.writeCaptions(story.id, language, readable(this.lines));
      const label = new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
      change(desk, desk.texts.did.captions(story.title), (room) => withItem(room, "stories", story.id, (one) => {
        const captions = one.captions ?? [];
        const made = { path, language, label };
        return {
          ...one, captions: captions.some((each) => each.language === language)
            ? captions.map((each) => (each.language === language ? { ...each, ...made } : each))
            : [...captions, made],
        };
      }));
      await desk.keeping.settle();
      drafts.delete(this.key);
      this.unsaved = false;
      if (this.element.isConnected) desk.unkept(null);
      this.kept.textContent = desk.texts.captions_saved;
      desk.say(desk.texts.captions_saved);
      if (!this.element.isConnected && location.hash === `#${routeTo("story", story.id)}`) desk.again();
    } catch (error) {
      if (this.element.isConnected) this.said.textContent = error instanceof Error ? error.message : String(error);
      else desk.trouble(error);
    }
  }
}
