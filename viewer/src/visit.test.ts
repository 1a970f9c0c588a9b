import { expect, test } from "vitest";
import {
  languageFor, languagesOf, parseVisit, recordingOf, spokenOfAt, storiesOf, storiesOfTheRoom, visitIn,
} from "./visit";

// A fresh, whole visit; a test spoils one place of it.
function whole() {
  return {
    version: 1,
    language: "en",
    title: "A room",
    words: ["Welcome."],
    content_note: null as unknown,
    last_words: [] as string[],
    credits: null,
    estimated: { scale: true, up: false, doorway: false },
    doorway: { position: [0, 1.5, 0], look_at: [0, 1.4, -2] },
    bounds: { min: [-2, 0, -4], max: [2, 2.5, 0] as unknown[] },
    support: null as unknown, offer: null, reading: { en: "read.html" } as unknown,
    collision: null, plan: { url: "plan.svg", data: "plan.json" },
    splats: { url: "splats/meta.json", further: ["splats/2/meta.json"] as unknown, count: 10 as unknown },
    growing: false,
    view_fov_deg: 60,
    things: [
      {
        id: "bed", name: "The bed", words: [] as unknown, position: [0, 0, -1],
        alt: "Made, under the window", photographs: [0] as unknown[], translations: { es: { name: "La cama" } as unknown },
      },
      { id: "desk", name: "The desk", words: ["Old."], position: null, alt: null, photographs: [], translations: {} },
    ],
    stories: [
      {
        id: "night", title: "At night", speaker: null, language: "es-MX",
        things: ["bed"], words: [], content_note: null,
        sound: [{ url: "stories/night.mp3", type: "audio/mpeg" }] as unknown, video: [] as unknown,
        poster: null as unknown, seconds: 12.5, passages: [{ from_s: 1, to_s: 2.5 as unknown, things: ["bed"] }],
        captions: [{ url: "stories/night.vtt", language: "es", label: "Español" }],
        translations: {},
      },
      {
        id: "house", title: "The house", speaker: "Ana", language: "en",
        things: [] as string[], words: ["Quiet."], content_note: "Sad.", sound: [], video: [], poster: null,
        seconds: null, captions: [], passages: [],
        translations: {},
      },
    ],
    photographs: [{
      url: "photos/1.webp", position: [0, 1.5, 0], look_at: [0, 1.5, -1], alt: "The bed, made",
      size: [4000, 3000], fov_deg: 50, tiles: { folder: "photos/1", side: 512, levels: 3 },
      translations: { es: { alt: "La cama, hecha" } },
    }] as unknown,
    tour: {
      minutes: 2,
      steps: [{
        thing: "bed", story: "night", place: null, words: ["Here."], pause_s: 5 as unknown,
        translations: { es: { words: ["Aquí."] } },
      }],
    } as unknown,
    translations: { es: { title: "Un cuarto", last_words: ["Adiós."] } },
  };
}

function complaint(spoil: (visit: ReturnType<typeof whole>) => void): string {
  const visit = whole();
  spoil(visit);
  try {
    parseVisit(visit);
  } catch (error) {
    return (error as Error).message;
  }
  return "none";
}

test("a whole visit is taken as it is", () => {
  expect(parseVisit(whole())).toEqual(whole());
});

const translated = () => {
  const json = whole() as unknown as { stories: { translations: object }[] };
  json.stories[1]!.translations = { es: { title: "La casa" } };
  return parseVisit(json);
};

test("a visit in another language keeps what is not translated", () => {
  const es = visitIn(translated(), "es");
  expect(es).toMatchObject({
    language: "es", title: "Un cuarto", words: ["Welcome."], last_words: ["Adiós."],
  });
  expect(es.things.map((thing) => thing.name)).toEqual(["La cama", "The desk"]);
  expect(es.stories[1]).toMatchObject({ language: "es", title: "La casa", words: ["Quiet."] });
  expect(es.stories[0]).toMatchObject({ language: "es-MX", title: "At night" });
  expect(es.own?.language).toBe("en");
  const left = [...es.own!.texts];
  expect(left).toEqual(expect.arrayContaining(["Welcome.", "The desk", "Quiet."]));
  for (const told of ["Un cuarto", "Adiós.", "The bed", "Here.", "The house", "At night"]) {
    expect(left).not.toContain(told);
  }
  expect(visitIn(translated(), "en")).toEqual(translated());
});

test("the visitor's liking chooses among the room's languages, the keeper's own otherwise", () => {
  const visit = translated();
  expect(languagesOf(visit)).toEqual(["en", "es"]);
  expect(languageFor(visit, ["fr-CA", "es-AR", "en"])).toBe("es");
  expect(languageFor(visit, ["fr"])).toBe("en");
  expect(languageFor(visit, [])).toBe("en");
});

test("a translation's mistakes are named", () => {
  expect(complaint((v) => (v.things[0]!.translations = { es: { name: " " } } as never))).toBe(
    "visit.json: $.things[0].translations.es.name must be text that is not empty");
  expect(complaint((v) => (v.things[0]!.translations = { "?": {} } as never))).toContain(
    "$.things[0].translations.? must be a language tag");
});

test("fields of later versions of the program are ignored", () => {
  expect(parseVisit({ ...whole(), film: [] })).toEqual(whole());
});

test("a complaint names the place and what is wanted there", () => {
  expect(complaint((v) => (v.title = "  "))).toBe(
    "visit.json: $.title must be text that is not empty");
  expect(complaint((v) => (v.content_note = 3))).toBe("visit.json: $.content_note must be text");
  expect(complaint((v) => (v.bounds.max[2] = "far"))).toBe(
    "visit.json: $.bounds.max[2] must be a number from -10000 to 10000");
  expect(complaint((v) => (v.bounds.max[2] = NaN))).toContain("$.bounds.max[2]");
  expect(complaint((v) => (v.bounds.min = [0, 0]))).toContain("$.bounds.min must be three numbers");
  expect(complaint((v) => (v.bounds.min[0] = 3))).toContain("$.bounds must be a box");
  expect(complaint((v) => (v.things[1]!.words = "Old."))).toContain("$.things[1].words must be a list");
  expect(complaint((v) => (v.growing = "soon" as unknown as boolean))).toContain("$.growing");
  expect(complaint((v) => (v.view_fov_deg = 200))).toContain("$.view_fov_deg");
  expect(complaint((v) => (v.version = 2))).toContain("$.version must be 1");
  expect(complaint((v) => (v.language = "english!"))).toContain("$.language");
  expect(complaint((v) => (v.splats.count = "many"))).toContain("$.splats.count");
  expect(complaint((v) => (v.splats.further = ["../other"]))).toContain("$.splats.further[0]");
});

test("what is missing is named, too", () => {
  const visit = whole() as Record<string, unknown>;
  for (const key of Object.keys(visit)) {
    if (["translations", "photographs", "tour", "growing"].includes(key)) continue; // there need not be any
    const { [key]: _, ...rest } = visit;
    expect(() => parseVisit(rest), key).toThrow(`$.${key}`);
  }
  expect(() => parseVisit(null)).toThrow("$ must be an object");
  expect(() => parseVisit([])).toThrow("$ must be an object");
});

test("ids are unique and known", () => {
  expect(complaint((v) => (v.things[1]!.id = "bed"))).toBe(
    'visit.json: $.things[1].id must be unique; "bed" is taken');
  expect(complaint((v) => v.stories[1]!.things.push("lamp"))).toBe(
    'visit.json: $.stories[1].things[0] must be the id of a thing; there is no "lamp"');
});

test("addresses stay within the site", () => {
  for (const url of ["https://example.org/a.mp3", "//example.org/a", "/a.mp3", "../a.mp3",
    "a/../../b", "javascript:alert(1)", "a\\b", ""]) {
    const said = complaint((v) => (v.stories[0]!.sound = { url, type: "audio/mpeg" }));
    expect(said, url).toContain("$.stories[0].sound.url must be");
  }
});

test("an address elsewhere is one that people know", () => {
  const support = (link: unknown) => complaint((v) => (v.support = { words: [], link }));
  expect(support("https://example.org/")).toBe("none");
  expect(support("tel:+000")).toBe("none");
  expect(support(null)).toBe("none");
  for (const link of ["javascript:alert(1)", "data:text/html,", "//example.org", "https://a b"]) {
    expect(support(link), link).toContain("$.support.link must be an address");
  }
  expect(complaint((v) => (v.reading = { en: "https://example.org" }))).toContain("$.reading.en");
});

test("what is told leads to what there is", () => {
  expect(complaint((v) => (v.things[0]!.photographs = [1]))).toContain("$.things[0].photographs[0] must be the place");
  expect(complaint((v) => (v.stories[0]!.passages![0]!.things = ["cup"])))
    .toBe('visit.json: $.stories[0].passages[0].things[0] must be the id of a thing; there is no "cup"');
  expect(complaint((v) => (v.stories[0]!.passages![0]!.to_s = 0.5)))
    .toBe("visit.json: $.stories[0].passages[0].to_s must be a number from 1 to 100000");
  expect(complaint((v) => ((v.tour as { steps: { story: string }[] }).steps[0]!.story = "day")))
    .toBe('visit.json: $.tour.steps[0].story must be the id of a story; there is no "day"');
});

test("a recording is one file, several, or none; earlier sites tell of no more", () => {
  const json = whole();
  json.stories[0]!.sound = { url: "stories/night.mp3", type: "audio/mpeg" };
  expect(parseVisit(json)).toEqual(whole());
  json.stories[0]!.sound = null;
  const bare = JSON.parse(JSON.stringify(json, (key, value: unknown) =>
    (["passages", "video", "poster", "seconds", "tour", "alt", "growing"].includes(key) ? undefined : value))) as unknown;
  const visit = parseVisit(bare);
  expect([visit.tour, visit.stories[0]!.passages, recordingOf(visit.stories[0]!)]).toEqual([null, [], null]);
});

test("a video may have a picture of its own", () => {
  const json = whole();
  json.stories[0]!.video = [{ url: "stories/1.webm", type: "video/webm" },
    { url: "stories/1.mp4", type: "video/mp4", poster: "stories/1.webp" }];
  const story = parseVisit(json).stories[0]!;
  expect([story.poster, recordingOf(story)!.kind]).toEqual(["stories/1.webp", "video"]);
  json.stories[0]!.video = { url: "stories/1.mp4", type: "video/mp4", poster: "//elsewhere" };
  expect(() => parseVisit(json)).toThrow("$.stories[0].video.poster must be");
});

test("the things that a moment speaks of", () => {
  const story = parseVisit(whole()).stories[0]!;
  expect([0.9, 1, 2.4, 2.5].map((time) => spokenOfAt(story, time))).toEqual([[], ["bed"], ["bed"], []]);
});

test("photographs lead to files of this site", () => {
  const said = complaint((v) => (v.photographs = [{ url: "../1.jpg", position: null, look_at: null }]));
  expect(said).toContain("$.photographs[0].url must be");
  const { photographs: _, ...without } = whole();
  without.things[0]!.photographs = [];
  expect(parseVisit(without).photographs).toEqual([]);
});

test("stories are found by their things", () => {
  const visit = parseVisit(whole());
  expect(storiesOf(visit, "bed").map((story) => story.id)).toEqual(["night"]);
  expect(storiesOf(visit, "desk")).toEqual([]);
  expect(storiesOfTheRoom(visit).map((story) => story.id)).toEqual(["house"]);
});
