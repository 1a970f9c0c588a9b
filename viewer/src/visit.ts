// visit.json: what the page is told about a room. docs/site-format.md describes it for people;
// parseVisit checks every field and names the place of whatever is wrong.

export type Vec3 = readonly [number, number, number];

// The same texts in another language, under the same keys; what is not there is shown as it is in
// the first.
export interface Translation {
  readonly name?: string;
  readonly title?: string;
  readonly words?: readonly string[];
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
  readonly translations: Translations;
}

export interface Caption {
  readonly url: string; // WebVTT
  readonly language: string;
  readonly label: string;
}

export interface Story {
  readonly id: string;
  readonly title: string;
  readonly speaker: string | null;
  readonly language: string;
  readonly things: readonly string[]; // ids
  readonly words: readonly string[];
  readonly content_note: string | null;
  readonly sound: { readonly url: string; readonly type: string } | null;
  readonly captions: readonly Caption[];
  readonly translations: Translations;
}

// Words that lead on from the room, and an address that a visitor may open.
export interface Further {
  readonly words: readonly string[];
  readonly link: string | null;
}

// One of the keeper's own, chosen to be seen; where it was taken and looked, where that is known.
export interface Photograph {
  readonly url: string;
  readonly position: Vec3 | null;
  readonly look_at: Vec3 | null;
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
  readonly view_fov_deg: number; // vertical
  readonly things: readonly Thing[];
  readonly stories: readonly Story[];
  readonly photographs: readonly Photograph[];
  readonly translations: Translations;
}

export class VisitError extends Error {}

// A value together with its place, so that every complaint can say where it is.
class Place {
  constructor(
    readonly value: unknown,
    readonly path: string,
  ) {}

  fail(wanted: string): never {
    throw new VisitError(`visit.json: ${this.path} must be ${wanted}`);
  }

  at(key: string): Place {
    const value = this.value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.fail("an object");
    }
    return new Place((value as Record<string, unknown>)[key], `${this.path}.${key}`);
  }

  entries(): [string, Place][] {
    this.at("");
    return Object.entries(this.value as object).map(([key, value]: [string, unknown]) =>
      [key, new Place(value, `${this.path}.${key}`)]);
  }

  // { key: what is read }, or nothing where nothing is given.
  ifGiven<K extends string, T>(key: K, read: (place: Place) => T): { [key in K]?: T } {
    return this.value === undefined ? {} : { [key]: read(this) } as { [key in K]: T };
  }

  items(): Place[] {
    if (!Array.isArray(this.value)) this.fail("a list");
    return this.value.map((item: unknown, i) => new Place(item, `${this.path}[${i}]`));
  }

  text(): string {
    if (typeof this.value !== "string") this.fail("text");
    return this.value;
  }

  filled(): string {
    if (this.text().trim() === "") this.fail("text that is not empty");
    return this.text();
  }

  flag(): boolean {
    if (typeof this.value !== "boolean") this.fail("true or false");
    return this.value;
  }

  number(min: number, max: number): number {
    const value = this.value;
    if (typeof value !== "number" || !(value >= min && value <= max)) {
      this.fail(`a number from ${min} to ${max}`);
    }
    return value;
  }

  orNull<T>(read: (place: Place) => T): T | null {
    return this.value === null ? null : read(this);
  }

  words(): string[] {
    return this.items().map((item) => item.text());
  }

  point(): Vec3 {
    const items = this.items();
    if (items.length !== 3) this.fail("three numbers");
    const [x, y, z] = items.map((item) => item.number(-1e4, 1e4)) as [number, number, number];
    return [x, y, z];
  }

  language(): string {
    const tag = this.text();
    if (!/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(tag)) {
      this.fail("a language tag such as \"en\" or \"es-MX\"");
    }
    return tag;
  }

  // An address elsewhere, for a visitor to open.
  link(): string {
    if (!/^(https?:\/\/|mailto:|tel:)[^\s"<>\\]*$/.test(this.text())) {
      this.fail("an address that begins with https://, http://, mailto: or tel:");
    }
    return this.text();
  }

  // A file of this very site: relative, and not above its folder.
  url(): string {
    const url = this.filled();
    const steps = url.split(/[?#]/, 1)[0]!.split("/");
    if (/^[a-z][a-z0-9+.-]*:/i.test(url) || /[\\\0]/.test(url) || steps[0] === "" ||
        steps.includes("..")) {
      this.fail("the relative address of a file of this site");
    }
    return url;
  }
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
    translations: readTranslations(at.at("translations")),
  };
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
    sound: at.at("sound").orNull((sound) => ({
      url: sound.at("url").url(),
      type: sound.at("type").filled(),
    })),
    captions: at.at("captions").items().map(readCaption),
    translations: readTranslations(at.at("translations")),
  };
}

function readPhotograph(at: Place): Photograph {
  return {
    url: at.at("url").url(),
    position: at.at("position").orNull((position) => position.point()),
    look_at: at.at("look_at").orNull((look_at) => look_at.point()),
  };
}

function requireDistinct(list: Place, ids: readonly string[]): void {
  ids.forEach((id, i) => {
    if (ids.indexOf(id) !== i) list.items()[i]!.at("id").fail(`unique; "${id}" is taken`);
  });
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
      further: splats.at("further").value === undefined ? []
        : splats.at("further").items().map((part) => part.url()),
      count: splats.at("count").number(0, 1e9),
    },
    view_fov_deg: top.at("view_fov_deg").number(10, 120),
    things: top.at("things").items().map(readThing),
    stories: top.at("stories").items().map(readStory),
    photographs: top.at("photographs").value === undefined ? []
      : top.at("photographs").items().map(readPhotograph),
    translations: readTranslations(top.at("translations")),
  };
  const thingIds = visit.things.map((thing) => thing.id);
  requireDistinct(top.at("things"), thingIds);
  requireDistinct(top.at("stories"), visit.stories.map((story) => story.id));
  for (const story of top.at("stories").items()) {
    for (const id of story.at("things").items()) {
      if (!thingIds.includes(id.text())) id.fail(`the id of a thing; there is no "${id.text()}"`);
    }
  }
  return visit;
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
  const translated = [visit, ...visit.things, ...visit.stories]
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
  const stories = visit.stories.map((story) => {
    const texts = story.translations[language];
    return texts === undefined ? story : { ...story, ...texts, language };
  });
  const texts = visit.translations[language];
  const told = (further: Further | null, words: readonly string[] | undefined) =>
    (further && words ? { ...further, words } : further);
  return {
    ...visit, ...texts, language, things, stories,
    support: told(visit.support, texts?.support_words),
    offer: told(visit.offer, texts?.offer_words),
  };
}
