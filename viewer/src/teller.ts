// What tells a story: one voice at a time, begun only when a visitor asks, with its words below it.
import { CaptionFiles, cueAt, type Cue } from "./captions";
import { button, el } from "./dom";
import { speeds, type Listening, type ListeningChoices } from "./listening";
import { signButton, type SignButton } from "./signs";
import type { Texts } from "./texts";
import { timeText } from "./time_text";
import { recordingOf, spokenOfAt, type Caption, type Story } from "./visit";

const back_s = 10;

export interface Hearers {
  // A recording has been told to play, within the visitor's own act; and it is no more.
  readonly begins: (media: HTMLMediaElement, story: Story) => void;
  readonly plays: () => void;
  readonly ends: (story: Story, heard: boolean) => void; // heard: to its end
  readonly moment: (story: Story, time_s: number | null) => void;
  readonly spokenOf: (things: readonly string[]) => void; // ids, when that changes
  readonly focusFree: () => void; // what had it is gone, and what could take it is not to be seen
  readonly showWords: ((story: Story) => void) | null;
}

export interface How {
  readonly from_s?: number;
  readonly noted?: boolean; // its content note has just been read
  readonly opener?: HTMLElement | null; // takes the focus again, where the teller has it at its end
}

interface Told {
  readonly story: Story;
  readonly media: HTMLMediaElement;
  cues: readonly Cue[];
}

export class Teller {
  readonly element: HTMLElement;
  private readonly files: CaptionFiles;
  private told: Told | null = null;
  private opener: HTMLElement | null = null;
  private asks: Story | null = null; // whether to hear it, after its note
  private spokenOf = "";
  private readonly stage = el("div", { class: "stage" });
  private readonly caption = el("p", { class: "caption", dir: "auto" });
  private readonly trouble: HTMLElement;
  private readonly toggle: SignButton;
  private readonly slider: HTMLInputElement;
  private readonly clock = el("span", { class: "small clock", "aria-hidden": "true" });
  private readonly controls: HTMLElement;
  private readonly title = el("h2", { tabindex: "-1" });
  private readonly captionChoice: HTMLSelectElement;

  constructor(
    private readonly texts: Texts,
    private readonly listening: ListeningChoices,
    files: CaptionFiles,
    private readonly hearers: Hearers,
  ) {
    this.files = files;
    this.trouble = el("p", { class: "message", role: "status" });
    this.toggle = signButton("play", texts.play_story, () => this.playOrPause());
    this.slider = el("input", {
      type: "range", min: "0", max: "0", step: "1", value: "0", "aria-label": texts.place_in_story,
    });
    this.slider.addEventListener("input", () => {
      if (this.told !== null) this.told.media.currentTime = Number(this.slider.value);
    });
    this.captionChoice = el("select");
    this.controls = el("div", { class: "controls" }, this.toggle,
      signButton("again", texts.back_ten, () => this.skip(-back_s)), this.slider, this.clock,
      ...(hearers.showWords === null ? [] : [button(texts.story_words, () => {
        if (this.told !== null) hearers.showWords!(this.told.story);
      })]));
    this.element = el("section", {
      class: "telling", hidden: true, lang: texts.language, "aria-label": texts.story_told,
    },
    el("div", { class: "panel-head" }, this.title,
      signButton("close", texts.stop_story, () => this.stop())),
    this.stage, this.caption, this.trouble, this.controls, this.choices());
    // Escape ends the story, not the visit.
    this.element.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.stop();
    });
    listening.follow((now) => this.follow(now));
  }

  get story(): Story | null {
    return this.told?.story ?? this.asks;
  }

  // Takes the place of what was told before. A story with a note of its own asks first.
  tell(story: Story, { from_s = 0, noted = false, opener = null }: How = {}): void {
    this.opener = opener ?? this.opener;
    const failed = this.told !== null && this.controls.hidden; // then it is tried anew
    if (this.told?.story.id === story.id && !failed) {
      this.told.media.currentTime = from_s;
      void this.play();
      return;
    }
    const recording = recordingOf(story);
    if (recording === null) return;
    this.clear();
    this.element.hidden = false;
    this.title.textContent = story.title;
    this.title.lang = story.language;
    if (story.content_note && !noted) return this.ask(story, story.content_note, from_s);
    const media = document.createElement(recording.kind);
    media.preload = "auto";
    media.setAttribute("aria-label", this.texts.sound_of(story.title));
    if (media instanceof HTMLVideoElement) {
      media.playsInline = true;
      if (story.poster !== null) media.poster = story.poster;
    }
    const sources = recording.sources.map(({ url, type }) => el("source", { src: url, type }));
    sources.at(-1)!.addEventListener("error", () => {
      if (this.told?.media === media) this.fail();
    });
    media.append(...sources);
    this.told = { story, media, cues: [] };
    this.stage.replaceChildren(media); // on the page, so that what leaves it falls silent
    this.stage.hidden = recording.kind === "audio";
    this.controls.hidden = false;
    this.listenTo(media);
    this.fillCaptionChoice(story.captions);
    this.follow(this.listening.now);
    if (from_s > 0) {
      media.addEventListener("loadedmetadata", () => (media.currentTime = from_s), { once: true });
    }
    this.showTime();
    void this.play();
    this.hearers.begins(media, story);
  }

  pause(): void {
    this.told?.media.pause();
    this.showPlaying();
  }

  stop(): void {
    const had = this.story;
    const focused = this.element.contains(document.activeElement);
    this.clear();
    if (had !== null) this.hearers.ends(had, false);
    if (!focused) return;
    this.opener?.focus();
    if (document.activeElement === document.body) this.hearers.focusFree();
  }

  focus(): void {
    if (this.asks !== null) this.title.focus();
    else this.toggle.focus();
  }

  private clear(): void {
    const told = this.told;
    this.told = null;
    this.asks = null;
    if (told !== null) {
      told.media.pause();
      told.media.replaceChildren();
      told.media.removeAttribute("src");
      told.media.load(); // lets go of what was fetched
      this.hearers.moment(told.story, null);
    }
    this.speakOf([]);
    this.element.hidden = true;
    this.stage.replaceChildren();
    this.caption.textContent = "";
    this.trouble.textContent = "";
  }

  private ask(story: Story, note: string, from_s: number): void {
    this.asks = story;
    this.controls.hidden = this.caption.hidden = true;
    this.stage.hidden = false;
    this.stage.replaceChildren(
      el("div", { class: "note" }, el("h3", {}, this.texts.before_you_listen),
        el("p", { lang: story.language }, note)),
      el("div", { class: "choices" },
        button(this.texts.listen, () => {
          this.tell(story, { from_s, noted: true });
          this.toggle.focus();
        }, "main"),
        button(this.texts.rather_not, () => this.stop())));
    this.title.focus();
  }

  private async play(): Promise<void> {
    const { media } = this.told!;
    try {
      const playing = media.play();
      this.showPlaying();
      await playing;
    } catch {
      if (this.told?.media === media && !media.error) this.showPlaying(); // not allowed, or stopped at once
    }
  }

  private playOrPause(): void {
    if (this.told === null) return;
    if (this.told.media.paused) void this.play();
    else this.pause();
  }

  private skip(by_s: number): void {
    if (this.told === null) return;
    this.told.media.currentTime = Math.max(0, this.told.media.currentTime + by_s);
  }

  private fail(): void {
    if (this.told === null || this.controls.hidden) return;
    this.trouble.textContent = this.texts.sound_missing;
    this.controls.hidden = true;
    this.hearers.ends(this.told.story, false);
  }

  private listenTo(media: HTMLMediaElement): void {
    const ours = (act: () => void) => () => {
      if (this.told?.media === media) act();
    };
    for (const event of ["play", "pause"]) media.addEventListener(event, ours(() => this.showPlaying()));
    media.addEventListener("play", ours(() => this.hearers.plays()));
    for (const event of ["timeupdate", "seeked", "durationchange"]) {
      media.addEventListener(event, ours(() => this.showTime()));
    }
    media.addEventListener("error", ours(() => this.fail()));
    media.addEventListener("ended", ours(() => {
      const { story } = this.told!;
      const held = this.element.contains(document.activeElement);
      this.speakOf([]);
      this.hearers.ends(story, true);
      if (held && this.told?.media === media) this.toggle.focus();
    }));
  }

  private showPlaying(): void {
    const paused = this.told?.media.paused ?? true;
    this.toggle.setSign(paused ? "play" : "pause", paused ? this.texts.play_story : this.texts.pause_story);
  }

  private showTime(): void {
    const { media, story, cues } = this.told!;
    const time_s = media.currentTime;
    const length_s = Number.isFinite(media.duration) ? media.duration : story.seconds ?? 0;
    this.slider.max = String(Math.ceil(length_s));
    this.slider.value = String(Math.floor(time_s));
    const said = this.texts.time_of(timeText(time_s), timeText(length_s));
    this.slider.setAttribute("aria-valuetext", said);
    this.clock.textContent = timeText(time_s);
    const cue = cues[cueAt(cues, time_s)];
    const text = cue === undefined ? "" : cue.speaker ? `${cue.speaker}: ${cue.text}` : cue.text;
    if (this.caption.textContent !== text) this.caption.textContent = text;
    this.hearers.moment(story, time_s);
    this.speakOf(spokenOfAt(story, time_s));
  }

  private speakOf(things: readonly string[]): void {
    const key = things.join(" ");
    if (key === this.spokenOf) return;
    this.spokenOf = key;
    this.hearers.spokenOf(things);
  }

  private follow(now: Listening): void {
    if (this.told === null) return;
    const { media, story } = this.told;
    media.defaultPlaybackRate = now.speed;
    media.playbackRate = now.speed;
    media.volume = now.volume;
    const caption = now.captions ? this.captionOf(story, now.language) : undefined;
    this.caption.hidden = caption === undefined;
    this.captionChoice.value = caption?.url ?? "";
    if (caption === undefined) return;
    void this.files.cues(caption.url).then((cues) => {
      if (this.told?.media !== media || this.captionChoice.value !== caption.url) return;
      this.told.cues = cues ?? [];
      this.caption.lang = caption.language; // not before: the line that stands there is in the other one
      this.showTime();
    });
  }

  // In the language that was chosen, the visit's own, the story's, or any.
  private captionOf(story: Story, wanted: string | null): Caption | undefined {
    for (const language of [wanted, this.texts.language, story.language]) {
      const found = story.captions.find((caption) => caption.language === language);
      if (found !== undefined) return found;
    }
    return story.captions[0];
  }

  private fillCaptionChoice(captions: readonly Caption[]): void {
    this.captionChoice.replaceChildren(el("option", { value: "" }, this.texts.captions_off),
      ...captions.map(({ url, label, language }) => el("option", { value: url, lang: language }, label)));
    (this.captionChoice.parentElement as HTMLElement).hidden = captions.length === 0;
  }

  private choices(): HTMLElement {
    const { texts, listening } = this;
    const speed = el("select", {}, ...speeds.map((value) =>
      el("option", { value: String(value) }, value === 1 ? texts.as_recorded : `× ${value}`)));
    speed.addEventListener("change", () => listening.choose({ speed: Number(speed.value) }));
    const volume = el("input", { type: "range", min: "0", max: "1", step: "0.05" });
    volume.addEventListener("input", () => listening.choose({ volume: Number(volume.value) }));
    this.captionChoice.addEventListener("change", () => {
      const chosen = this.told?.story.captions.find(({ url }) => url === this.captionChoice.value);
      listening.choose(chosen ? { captions: true, language: chosen.language } : { captions: false });
    });
    const tick = (name: string, key: "fromItsPlace" | "turn") => {
      const box = el("input", { type: "checkbox" });
      box.addEventListener("change", () => listening.choose({ [key]: box.checked }));
      listening.follow((now) => (box.checked = now[key]));
      return el("label", {}, box, name);
    };
    listening.follow((now) => {
      speed.value = String(now.speed);
      volume.value = String(now.volume);
    });
    const inRoom = this.hearers.showWords !== null;
    return el("details", { class: "listening" }, el("summary", {}, texts.how_you_listen),
      el("div", {},
        el("label", {}, texts.captions, this.captionChoice), el("label", {}, texts.speed, speed),
        el("label", {}, texts.volume, volume),
        ...(inRoom ? [tick(texts.from_its_place, "fromItsPlace"), tick(texts.turn_to_it, "turn")] : [])));
  }
}
