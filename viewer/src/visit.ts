// visit.json: what the page is told about a room. docs/site-format.md describes it for people;
// parseVisit checks every field and names the place of whatever is wrong.

import { Place, VisitError } from "./checked";
import { textsInOwn, type OwnTexts } from "./language_of_parts";

export { VisitError };
export type Vec3 = readonly [number, number, number];

// The same texts in another language, under the same keys; what is not there is shown as it is in
// the first.
export interface Translation {
  readonly name?: string;
  readonly title?: string;
  readonly words?: readonly string[];
  readonly alt?: string;
  readonly content_note?: string;
  readonly last_words?: readonly string[];
  readonly support_words?: readonly string[];
  readonly offer_words?: readonly string[];
}
export type Translations = Readonly<Record<string, Translation>>; // by language

export interface Thing {
  readonly id: string;
  readonly name: string;
  readonly words: readonly string[];
  readonly position: Vec3 | null; // room frame, metres; null where it is not known
  readonly alt: string | null; // how it stands there, for one who does not see it
  readonly photographs: readonly number[]; // those that show it best: places in the visit's list
  readonly translations: Translations;
}

export interface Caption {
  readonly url: string; // WebVTT
  readonly language: string;
  readonly label: string;
}

export interface Source {
  readonly url: string;
  readonly type: string;
}

// A part of a recording that speaks of these things.
export interface Passage {
  readonly from_s: number;
  readonly to_s: number;
  readonly things: readonly string[]; // ids
}

export interface Story {
  readonly id: string;
  readonly title: string;
  readonly speaker: string | null;
  readonly language: string;
  readonly things: readonly string[]; // ids
  readonly words: readonly string[];
  readonly content_note: string | null;
  readonly sound: readonly Source[]; // the same recording; a browser takes the first that it can play
  readonly video: readonly Source[];
  readonly poster: string | null; // what a video shows before it plays
  readonly seconds: number | null; // how long the recording is
  readonly captions: readonly Caption[];
  readonly passages: readonly Passage[];
  readonly translations: Translations;
}

// Words that lead on from the room, and an address that a visitor may open.
export interface Further {
  readonly words: readonly string[];
  readonly link: string | null;
}

// A large photograph in pieces: squares of so many pixels, in rows and columns from its top left, at the
// address `folder/LEVEL/ROW-COLUMN.webp`; level 0 is the photograph at full size, each further one half.
export interface Tiles {
  readonly folder: string;
  readonly side: number;
  readonly levels: number;
}

// One of the keeper's own, chosen to be seen; where it was taken and looked, where that is known.
export interface Photograph {
  readonly url: string;
  readonly position: Vec3 | null;
  readonly look_at: Vec3 | null;
  readonly alt: string | null; // what it shows, in the keeper's words
  readonly size: readonly [number, number] | null; // width and height, pixels, of all that there is of it
  readonly fov_deg: number | null; // vertical; null: like the room's
  readonly tiles: Tiles | null;
  readonly translations: Translations;
}

// The guided visit: one step after another.
export interface TourStep {
  readonly thing: string | null; // ids
  readonly story: string | null;
  readonly place: { readonly position: Vec3; readonly look_at: Vec3 } | null;
  readonly words: readonly string[];
  readonly pause_s: number; // afterwards, in which nothing happens
  readonly translations: Translations;
}
export interface Tour {
  readonly minutes: number;
  readonly steps: readonly TourStep[];
}

export interface Visit {
  readonly version: 1;
  readonly language: string;
  readonly title: string;
  readonly words: readonly string[];
  readonly content_note: string | null;
  readonly last_words: readonly string[];
  readonly support: Further | null;
  readonly offer: Further | null;
  readonly credits: string | null;
  readonly reading: Readonly<Record<string, string>>; // pages to read, by language
  readonly estimated: { readonly scale: boolean; readonly up: boolean; readonly doorway: boolean };
  readonly doorway: { readonly position: Vec3; readonly look_at: Vec3 }; // position.y: eye height
  readonly bounds: { readonly min: Vec3; readonly max: Vec3 };
  readonly collision: string | null; // address of the collision mesh
  readonly plan: { readonly url: string; readonly data: string };
  // `further`: parts of a large room, which make it sharp; `count`: of all together.
  readonly splats: {
    readonly url: string; readonly further: readonly string[]; readonly count: number;
  };
  readonly growing: boolean; // still being made: visit.json will name other splats
  readonly view_fov_deg: number; // vertical
  readonly things: readonly Thing[];
  readonly stories: readonly Story[];
  readonly photographs: readonly Photograph[];
  readonly tour: Tour | null;
  readonly translations: Translations;
  readonly own?: OwnTexts; // of a visit in another language than the room's: what is not told in it
}

function readTranslations(at: Place): Translations {
  const translations: Record<string, Translation> = {};
  if (at.value === undefined) return translations;
  for (const [language, texts] of at.entries()) {
    new Place(language, texts.path).language();
    translations[language] = {
      ...texts.at("name").ifGiven("name", (name) => name.filled()),
      ...texts.at("title").ifGiven("title", (title) => title.filled()),
      ...texts.at("words").ifGiven("words", (words) => words.words()),
      ...texts.at("alt").ifGiven("alt", (alt) => alt.filled()),
      ...texts.at("content_note").ifGiven("content_note", (note) => note.text()),
      ...texts.at("last_words").ifGiven("last_words", (words) => words.words()),
      ...texts.at("support_words").ifGiven("support_words", (words) => words.words()),
      ...texts.at("offer_words").ifGiven("offer_words", (words) => words.words()),
    };
  }
  return translations;
}

function readFurther(at: Place): Further {
  return { words: at.at("words").words(), link: at.at("link").orNull((link) => link.link()) };
}

function readThing(at: Place): Thing {
  return {
    id: at.at("id").filled(),
    name: at.at("name").filled(),
    words: at.at("words").words(),
    position: at.at("position").orNull((position) => position.point()),
    alt: at.at("alt").nullOrGiven((alt) => alt.filled()),
    photographs: at.at("photographs").listIfGiven((index) => index.number(0, 1e6)),
    translations: readTranslations(at.at("translations")),
  };
}

function readSource(at: Place): Source {
  return { url: at.at("url").url(), type: at.at("type").filled() };
}

// One file, several that say the same, or none.
function readSources(at: Place): Source[] {
  if (at.value === undefined || at.value === null) return [];
  return Array.isArray(at.value) ? at.items().map(readSource) : [readSource(at)];
}

function readPoster(video: Place): string | null {
  const sources = Array.isArray(video.value) ? video.items() : video.value ? [video] : [];
  return sources.map((source) => source.at("poster").nullOrGiven((poster) => poster.url()))
    .find((poster) => poster !== null) ?? null;
}

const longest_s = 1e5;

function readPassage(at: Place): Passage {
  const from_s = at.at("from_s").number(0, longest_s);
  return { from_s, to_s: at.at("to_s").number(from_s, longest_s), things: at.at("things").words() };
}

function readCaption(at: Place): Caption {
  return {
    url: at.at("url").url(),
    language: at.at("language").language(),
    label: at.at("label").filled(),
  };
}

function readStory(at: Place): Story {
  return {
    id: at.at("id").filled(),
    title: at.at("title").filled(),
    speaker: at.at("speaker").orNull((speaker) => speaker.filled()),
    language: at.at("language").language(),
    things: at.at("things").words(),
    words: at.at("words").words(),
    content_note: at.at("content_note").orNull((note) => note.text()),
    sound: readSources(at.at("sound")),
    video: readSources(at.at("video")),
    poster: readPoster(at.at("video")),
    seconds: at.at("seconds").nullOrGiven((seconds) => seconds.number(0, longest_s)),
    captions: at.at("captions").items().map(readCaption),
    passages: at.at("passages").listIfGiven(readPassage),
    translations: readTranslations(at.at("translations")),
  };
}

function readPhotograph(at: Place): Photograph {
  return {
    url: at.at("url").url(),
    position: at.at("position").orNull((position) => position.point()),
    look_at: at.at("look_at").orNull((look_at) => look_at.point()),
    alt: at.at("alt").nullOrGiven((alt) => alt.filled()),
    size: at.at("size").nullOrGiven(readSize),
    fov_deg: at.at("fov_deg").nullOrGiven((fov) => fov.number(1, 179)),
    tiles: at.at("tiles").nullOrGiven((tiles) => ({
      folder: tiles.at("folder").url(),
      side: tiles.at("side").number(64, 4096),
      levels: tiles.at("levels").number(1, 10),
    })),
    translations: readTranslations(at.at("translations")),
  };
}

function readSize(at: Place): [number, number] {
  const items = at.items();
  if (items.length !== 2) at.fail("width and height");
  const [width, height] = items.map((item) => item.number(1, 1e5)) as [number, number];
  return [width, height];
}

function readTourStep(at: Place): TourStep {
  return {
    thing: at.at("thing").nullOrGiven((thing) => thing.text()),
    story: at.at("story").nullOrGiven((story) => story.text()),
    place: at.at("place").nullOrGiven((place) => ({
      position: place.at("position").point(), look_at: place.at("look_at").point(),
    })),
    words: at.at("words").listIfGiven((words) => words.text()),
    pause_s: at.at("pause_s").number(0, 3600),
    translations: readTranslations(at.at("translations")),
  };
}

function readTour(at: Place): Tour | null {
  const steps = at.at("steps").items().map(readTourStep);
  return steps.length === 0 ? null : { minutes: at.at("minutes").number(0, 1e4), steps };
}

function requireDistinct(list: Place, ids: readonly string[]): void {
  ids.forEach((id, i) => {
    if (ids.indexOf(id) !== i) list.items()[i]!.at("id").fail(`unique; "${id}" is taken`);
  });
}

// Those that are given.
function requireKnown(places: readonly Place[], ids: readonly string[], what: string): void {
  for (const place of places) {
    if (place.value === undefined || place.value === null) continue;
    if (!ids.includes(place.text())) place.fail(`the id of a ${what}; there is no "${place.text()}"`);
  }
}

function readBounds(at: Place): Visit["bounds"] {
  const bounds = { min: at.at("min").point(), max: at.at("max").point() };
  if (bounds.min.some((low, axis) => low > bounds.max[axis]!)) {
    at.fail("a box whose min is nowhere above its max");
  }
  return bounds;
}

// Errors: VisitError, one sentence that names the JSON path.
export function parseVisit(json: unknown): Visit {
  const top = new Place(json, "$");
  if (top.at("version").value !== 1) top.at("version").fail("1, the version this page knows");
  const estimated = top.at("estimated");
  const doorway = top.at("doorway");
  const plan = top.at("plan");
  const splats = top.at("splats");
  const visit: Visit = {
    version: 1,
    language: top.at("language").language(),
    title: top.at("title").filled(),
    words: top.at("words").words(),
    content_note: top.at("content_note").orNull((note) => note.text()),
    last_words: top.at("last_words").words(),
    support: top.at("support").orNull(readFurther),
    offer: top.at("offer").orNull(readFurther),
    reading: Object.fromEntries(top.at("reading").entries().map(([language, url]) =>
      [new Place(language, url.path).language(), url.url()])),
    credits: top.at("credits").orNull((credits) => credits.text()),
    estimated: {
      scale: estimated.at("scale").flag(),
      up: estimated.at("up").flag(),
      doorway: estimated.at("doorway").flag(),
    },
    doorway: { position: doorway.at("position").point(), look_at: doorway.at("look_at").point() },
    bounds: readBounds(top.at("bounds")),
    collision: top.at("collision").orNull((collision) => collision.url()),
    plan: { url: plan.at("url").url(), data: plan.at("data").url() },
    splats: {
      url: splats.at("url").url(),
      further: splats.at("further").listIfGiven((part) => part.url()),
      count: splats.at("count").number(0, 1e9),
    },
    growing: top.at("growing").nullOrGiven((growing) => growing.flag()) ?? false,
    view_fov_deg: top.at("view_fov_deg").number(10, 120),
    things: top.at("things").items().map(readThing),
    stories: top.at("stories").items().map(readStory),
    photographs: top.at("photographs").listIfGiven(readPhotograph),
    tour: top.at("tour").nullOrGiven(readTour),
    translations: readTranslations(top.at("translations")),
  };
  const thingIds = visit.things.map((thing) => thing.id);
  requireDistinct(top.at("things"), thingIds);
  requireDistinct(top.at("stories"), visit.stories.map((story) => story.id));
  const storyIds = visit.stories.map((story) => story.id);
  for (const story of top.at("stories").items()) {
    requireKnown(story.at("things").items(), thingIds, "thing");
    for (const passage of story.at("passages").itemsIfGiven()) {
      requireKnown(passage.at("things").items(), thingIds, "thing");
    }
  }
  for (const thing of top.at("things").items()) {
    for (const index of thing.at("photographs").itemsIfGiven()) {
      if (visit.photographs[index.value as number] === undefined) {
        index.fail("the place of a photograph in the list of photographs, counted from 0");
      }
    }
  }
  for (const step of visit.tour === null ? [] : top.at("tour").at("steps").items()) {
    requireKnown([step.at("thing")], thingIds, "thing");
    requireKnown([step.at("story")], storyIds, "story");
  }
  return visit;
}

export interface Recording {
  readonly kind: "audio" | "video";
  readonly sources: readonly Source[];
}

export function recordingOf(story: Story): Recording | null {
  if (story.video.length > 0) return { kind: "video", sources: story.video };
  return story.sound.length > 0 ? { kind: "audio", sources: story.sound } : null;
}

// The things, by id, that a story's recording speaks of at a moment.
export function spokenOfAt(story: Story, time_s: number): string[] {
  const now = story.passages.filter(({ from_s, to_s }) => time_s >= from_s && time_s < to_s);
  return [...new Set(now.flatMap((passage) => passage.things))];
}

// Stories that speak of a thing, and those that speak of none.
export function storiesOf(visit: Visit, thingId: string): Story[] {
  return visit.stories.filter((story) => story.things.includes(thingId));
}
export function storiesOfTheRoom(visit: Visit): Story[] {
  return visit.stories.filter((story) => story.things.length === 0);
}

const primary = (language: string) => language.toLowerCase().split("-")[0];

// The languages in which the room can be visited, the keeper's own first.
export function languagesOf(visit: Visit): string[] {
  const translated = [visit, ...visit.things, ...visit.stories, ...visit.photographs, ...visit.tour?.steps ?? []]
    .flatMap((item) => Object.keys(item.translations));
  return [...new Set([visit.language, ...translated])];
}

// The one among them that suits a visitor who would like `wanted`, in order of liking.
export function languageFor(visit: Visit, wanted: readonly string[]): string {
  const languages = languagesOf(visit);
  for (const wish of wanted) {
    const found = languages.find((language) => language.toLowerCase() === wish.toLowerCase()) ??
      languages.find((language) => primary(language) === primary(wish));
    if (found !== undefined) return found;
  }
  return visit.language;
}

// The visit in one of its languages. What is not translated stays in its own; a story keeps its
// language then, so that it is read aloud rightly.
export function visitIn(visit: Visit, language: string): Visit {
  const things = visit.things.map((thing) => ({ ...thing, ...thing.translations[language] }));
  const photographs = visit.photographs.map((each) => ({ ...each, ...each.translations[language] }));
  const tour = visit.tour && {
    ...visit.tour,
    steps: visit.tour.steps.map((step) => ({ ...step, ...step.translations[language] })),
  };
  const stories = visit.stories.map((story) => {
    const texts = story.translations[language];
    return texts === undefined ? story : { ...story, ...texts, language };
  });
  const texts = visit.translations[language];
  const told = (further: Further | null, words: readonly string[] | undefined) =>
    (further && words ? { ...further, words } : further);
  return {
    ...visit, ...texts, ...(language === visit.language ? {} : { own: textsInOwn(visit, language) }), language, things, stories, photographs, tour,
    support: told(visit.support, texts?.support_words),
    offer: told(visit.offer, texts?.offer_words),
  };
}
