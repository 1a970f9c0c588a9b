// What is told in the room: stories heard from where their things are, marks where these stand, the thing
// one has come near to, and the guided visit.
import { button, el, paragraphs } from "./dom";
import type { Ground } from "./ground";
import { Marks, onScreen, type Eye } from "./marks";
import type { Mover } from "./mover";
import { thingNear } from "./near";
import { SoundPlace } from "./sound_place";
import { Telling } from "./telling";
import type { Texts } from "./texts";
import { readingTime_s, TourWalk } from "./tour";
import { tourCard, type TourCard } from "./tour_card";
import { recordingOf, type Story, type Thing, type TourStep, type Vec3, type Visit } from "./visit";
import { viewWords } from "./view_words";
import { lookFrom, placeOf, poseBefore, standingAt, turned, type Pose } from "./walk";

const tapWithin_px = 32; // of a thing's middle
const tapWithin_m = 5;
const middle = 0.25; // of the picture, to either side: what is there one looks at
const leastCovered = 0.2; // of the picture, by the words that are coming
const left_m = 0.6; // from where a step of the guided visit leads: no longer on the path

export interface RoomActs {
  readonly ground: () => Ground;
  readonly moved: () => void;
  readonly say: (words: string) => void;
  readonly aside: () => void; // what lies over the room on a narrow screen goes away
  readonly focusRoom: () => void;
  readonly openThing: (thing: Thing) => void;
  readonly openThings: () => void;
  readonly onOpen: () => void; // the guided visit's panel opens
}

export class RoomStories {
  readonly marks = new Marks();
  readonly chips: HTMLElement;
  readonly lower: HTMLElement; // below the room
  readonly telling: Telling;
  readonly tour: TourCard | null = null;
  private readonly walk: TourWalk | null = null;
  private readonly sound = new SoundPlace();
  private readonly nearChip: HTMLButtonElement;
  private readonly lookChip: HTMLButtonElement;
  private near: Thing | null = null;
  private said = ""; // of the view
  private spokenOf: readonly Thing[] = [];
  private eye: Eye | null = null;
  private arrived: Pose | null = null; // where the step of the guided visit leads
  private withSound = true;
  private shown: { readonly title: string | null; readonly words: readonly string[]; readonly more: HTMLElement | null } =
    { title: null, words: [], more: null };
  private readonly inWords = new Map<string, HTMLElement>(); // stories as the guided visit shows them

  constructor(
    private readonly texts: Texts,
    private readonly visit: Visit,
    private readonly mover: Mover,
    private readonly acts: RoomActs,
  ) {
    this.telling = new Telling(texts, {
      begins: (media, story) => void this.sound.begin(media, this.placeOf(story), this.mover.pose),
      plays: () => this.sound.wake(),
      ends: (_story, heard) => {
        if (!heard) this.sound.end();
        this.walk?.told();
      },
      spokenOf: (ids) => this.speakOf(visit.things.filter(({ id }) => ids.includes(id))),
      showWords: (story) => {
        this.acts.openThings();
        this.telling.showWords(story);
      },
      focusFree: () => this.acts.focusRoom(),
    }, (whole) => {
      this.walk?.leave();
      if (whole) this.acts.aside();
    });
    this.telling.listening.follow((now) => this.sound.fromItsPlace(now.fromItsPlace));
    this.nearChip = button("", () => this.near && this.acts.openThing(this.near),
      "near near-thing");
    this.lookChip = button("", () => {
      this.lookAt(this.spokenOf[0]);
      this.acts.focusRoom(); // this button goes once one looks there
    }, "near");
    this.nearChip.hidden = this.lookChip.hidden = true;
    this.chips = el("div", { class: "chips", lang: texts.language }, this.lookChip, this.nearChip);
    this.lower = el("div", { class: "lower" });
    const { tour } = visit;
    if (tour !== null) {
      const walk = new TourWalk(tour, {
        arrive: (step) => this.arrive(step),
        tell: (step) => this.tellAt(step),
        hush: () => this.telling.teller.stop(),
        show: (state) => card.show(state, this.shown.title, this.shown.words, this.shown.more),
      });
      const card = tourCard(texts, visit, tour, this.acts.onOpen, {
        begin: (withSound) => {
          this.telling.teller.stop();
          this.withSound = withSound;
          walk.start();
        },
        next: () => walk.next(), back: () => walk.back(), leave: () => walk.leave(),
        takeUp: () => {
          this.telling.teller.stop();
          walk.takeUp();
        }, byItself: (byItself) => walk.goesOnByItself(byItself),
      });
      this.walk = walk;
      this.tour = card;
      this.lower.append(card.element);
    }
    this.lower.append(this.telling.teller.element);
  }

  // With every picture that is drawn.
  follow(eye: Eye): void {
    this.eye = eye;
    this.marks.follow(eye);
    this.sound.listenFrom(eye.pose);
    this.offerToLook();
    if (this.arrived !== null && this.mover.arriving_s === 0 && this.walk?.isOn) {
      const [a, b] = [placeOf(eye.pose), placeOf(this.arrived)];
      if (Math.hypot(a[0] - b[0], a[1] - b[1]) > left_m) this.walk.leave();
    }
  }

  // Where the visitor's ears are, when no picture is drawn on the page.
  hears(pose: Pose): void {
    this.sound.listenFrom(pose);
  }

  // A thing that is pointed at in a headset tells its first story, unless a note should be read before.
  tellOf(thing: Thing): void {
    const story = this.visit.stories.find((each) =>
      each.things.includes(thing.id) && recordingOf(each) !== null && !each.content_note);
    if (story !== undefined) this.telling.teller.tell(story);
  }

  // What lies before the visitor, said at the next rest only if it is something else by then.
  looksFrom(pose: Pose): string {
    return (this.said = viewWords(this.texts, this.visit, pose));
  }

  // When nothing moves any more; `told`: where this is has been said already.
  rests(pose: Pose, told: boolean): void {
    const near = thingNear(this.visit.things, pose, this.near);
    const isNew = near !== null && near.id !== this.near?.id;
    const before = this.said;
    const words = this.looksFrom(pose);
    if (!told && !this.walk?.isOn) {
      if (isNew) this.acts.say(this.texts.near_thing(near.name));
      else if (words !== before) this.acts.say(words);
    }
    this.near = near;
    this.nearChip.hidden = near === null;
    if (near !== null) this.nearChip.textContent = this.texts.about_thing(near.name);
    this.mark();
  }

  // The thing that a tap means, where it means one and not the floor before it.
  tappedThing(x_px: number, y_px: number, floorAway_m: number): Thing | null {
    const { eye } = this;
    if (eye === null) return null;
    const within = this.visit.things.flatMap((thing) => {
      const seen = thing.position && onScreen(eye, thing.position);
      const off = seen === null ? Infinity : Math.hypot(seen.x - x_px, seen.y - y_px);
      return seen !== null && off < tapWithin_px && seen.away_m < Math.min(tapWithin_m, floorAway_m + 0.5)
        ? [{ thing, off }] : [];
    });
    return within.sort((a, b) => a.off - b.off)[0]?.thing ?? null;
  }

  // The visitor goes somewhere of their own.
  leavePath(): void {
    this.walk?.leave();
  }

  pause(): void {
    this.telling.teller.pause();
    this.walk?.leave();
  }

  close(): void {
    this.walk?.close();
    this.telling.teller.stop();
    this.sound.close();
  }

  private placeOf(story: Story): Vec3 | null {
    for (const id of story.things) {
      const place = this.visit.things.find((thing) => thing.id === id)?.position;
      if (place) return place;
    }
    return null;
  }

  private speakOf(things: readonly Thing[]): void {
    this.spokenOf = things.filter(({ position }) => position !== null);
    const first = this.spokenOf[0];
    if (first !== undefined) {
      this.lookChip.textContent = this.texts.look_there_at(first.name);
      if (this.telling.listening.now.turn) this.lookAt(first);
    }
    this.offerToLook();
    this.mark();
  }

  // Where one does not look anyway.
  private offerToLook(): void {
    const { eye, spokenOf: [first] } = this;
    const seen = first && eye && onScreen(eye, first.position!);
    this.lookChip.hidden = first === undefined || (seen != null && eye !== null &&
      Math.abs(seen.x / eye.width - 0.5) < middle && Math.abs(seen.y / eye.height - 0.5) < middle);
  }

  private mark(): void {
    if (this.spokenOf.length > 0) this.marks.show(this.spokenOf, false);
    else this.marks.show(this.near === null ? [] : [this.near], true);
  }

  private lookAt(thing: Thing | undefined): void {
    if (!thing?.position) return;
    this.mover.goTo(this.aboveWords(lookFrom(this.mover.pose.position, thing.position)));
    this.acts.moved();
  }

  // What one looks at is seen in the middle of what the words below leave free.
  private aboveWords(pose: Pose): Pose {
    if (this.eye === null) return pose;
    const covered = Math.max(leastCovered, this.lower.offsetHeight / this.eye.height);
    return turned(pose, 0, -Math.atan(covered * Math.tan((this.eye.fov_deg * Math.PI) / 360)));
  }

  private arrive(step: TourStep) {
    const story = this.visit.stories.find(({ id }) => id === step.story);
    const thing = this.visit.things.find(({ id }) => id === step.thing);
    const pose = this.poseOf(step, thing, story);
    if (pose !== null) {
      this.mover.goTo(this.aboveWords(pose));
      this.acts.moved();
    }
    this.arrived = pose ?? this.mover.pose;
    const isRecorded = story !== undefined && recordingOf(story) !== null;
    // A note is read before the words that it is about; who hears nothing reads what is said.
    const apart = story !== undefined && (isRecorded ? !this.withSound : story.content_note !== null);
    const read = story !== undefined && !isRecorded && !apart ? story.words : [];
    const words = step.words.length > 0 ? step.words : thing?.words ?? [];
    this.shown = {
      title: thing?.name ?? story?.title ?? null, words: [...words, ...read],
      more: apart ? this.storyInWords(story, isRecorded) : null,
    };
    const reads_s = !apart ? 0 : isRecorded ? story.seconds ?? 0 : readingTime_s([story.content_note!, ...story.words]);
    return { there_s: this.mover.arriving_s, words: this.shown.words, reads_s };
  }

  private storyInWords(story: Story, isRecorded: boolean): HTMLElement {
    let made = this.inWords.get(story.id);
    if (made === undefined) {
      made = isRecorded ? this.telling.section(story, "h3")
        : el("div", { lang: story.language }, el("p", { class: "note" }, story.content_note),
          el("details", { ontoggle: () => this.walk?.goesOnByItself(false) },
            el("summary", { lang: this.texts.language }, this.texts.read_it), ...paragraphs(story.words)));
      this.inWords.set(story.id, made);
    }
    return made;
  }

  private poseOf(step: TourStep, thing: Thing | undefined, story: Story | undefined): Pose | null {
    const ground = this.acts.ground();
    const now = this.mover.pose;
    if (step.place !== null) {
      const [x, , z] = step.place.position;
      const there = standingAt(now, ground.nearest([x, z]));
      return lookFrom(there.position, step.place.look_at);
    }
    const at = thing?.position ?? (story && thing === undefined ? this.placeOf(story) : null);
    return at ? poseBefore(ground, now, at) : null;
  }

  private tellAt(step: TourStep): boolean {
    const story = this.visit.stories.find(({ id }) => id === step.story);
    if (!this.withSound || story === undefined || recordingOf(story) === null) return false;
    this.telling.teller.tell(story);
    return true;
  }
}
