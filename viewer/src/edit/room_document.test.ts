import { expect, test } from "vitest";
import {
  idFor, languagesIn, moved, paragraphsOf, textIn, textOf, toldIn, untranslated, withItem, withoutLanguage,
  withoutStory, withoutThing, withText,
  type RoomDocument,
} from "./room_document";

const room = {
  version: 1, title: "A room", language: "en", unknown: { kept: true },
  things: [{ id: "bed", name: "The bed", position: [0, 1, 2], odd: 1 }, { id: "lamp", name: "The lamp", position: [1, 1, 1] }],
  stories: [{ id: "night", title: "Night", things: ["bed", "lamp"], passages: [
    { from: 0, to: 1, things: ["bed"] }, { from: 1, to: 2, things: ["bed", "lamp"] }] }],
  tour: [{ thing: "bed", pause: 5 }, { thing: "bed", story: "night", pause: 5 }, { story: "night", pause: 5 }],
} as unknown as RoomDocument;

test("a text is set in its language, and an empty one is taken out; the rest stays", () => {
  const es = withText(room, room, "title", "es", "Una habitación");
  expect(textIn(es, es, "title", "es")).toBe("Una habitación");
  expect(textIn(es, es, "title", "en")).toBe("A room");
  expect(languagesIn(es)).toEqual(["en", "es"]);
  expect(es).toMatchObject({ unknown: { kept: true }, version: 1 });
  const none = withText(es, es, "title", "es", "");
  expect(none.translations).toEqual({ es: {} });
  expect(withText(room, withText(room, room, "words", "en", ["x"]), "words", "en", [])).toEqual(room);
});

test("a thing taken away takes along what speaks of it, and nothing else", () => {
  const without = withoutThing(room, "bed");
  expect(without.things).toEqual([room.things![1]]);
  expect(without.stories![0]).toMatchObject({ things: ["lamp"], passages: [{ from: 1, to: 2, things: ["lamp"] }] });
  expect(without.tour).toEqual([{ story: "night", pause: 5 }, { story: "night", pause: 5 }]);
  expect(withoutStory(room, "night").tour).toEqual([{ thing: "bed", pause: 5 }, { thing: "bed", pause: 5 }]);
});

test("one item is changed and its unknown keys stay", () => {
  const changed = withItem(room, "things", "bed", (thing) => ({ ...thing, name: "Bed" }));
  expect(changed.things![0]).toEqual({ id: "bed", name: "Bed", position: [0, 1, 2], odd: 1 });
  expect(changed.things![1]).toBe(room.things![1]);
});

test("ids are plain, short and of their own", () => {
  expect(idFor("La caja de música", [], "thing")).toBe("la-caja-de-musica");
  expect(idFor("The bed", ["the-bed", "the-bed-2"], "thing")).toBe("the-bed-3");
  expect(idFor("窓", [], "thing")).toBe("thing");
  expect(idFor("<script>".repeat(20), [], "thing")).toMatch(/^[a-z0-9][a-z0-9-]{0,63}$/);
});

test("paragraphs and places in a list", () => {
  expect(paragraphsOf(" One\nline \n \n\nTwo\n")).toEqual(["One\nline", "Two"]);
  expect(paragraphsOf(textOf(["One", "Two"]))).toEqual(["One", "Two"]);
  expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
  expect(moved(["a", "b", "c"], 2, 1)).toEqual(["a", "c", "b"]);
});

test("a story is told in another language, and what it said before becomes its translation", () => {
  const [story] = withItem(room, "stories", "night", (one) =>
    ({ ...one, words: ["Dark."], translations: { es: { title: "Noche", words: ["Oscura."] } } })).stories!;
  const es = toldIn(room, story!, "es");
  expect(es).toMatchObject({
    title: "Noche", words: ["Oscura."], language: "es", translations: { en: { title: "Night", words: ["Dark."] } },
  });
  expect(textIn(room, es, "title", "en")).toBe("Night");
  expect(toldIn(room, room.stories![0]!, "es")).toMatchObject({ title: "Night", language: "es" });
});

test("what a language lacks is counted, and a language is taken away everywhere", () => {
  const es = withItem(withText(room, room, "title", "es", "Una habitación"), "things", "bed", (thing) =>
    ({ ...withText(room, thing, "name", "es", "La cama"), photos: ["a.jpg", { photo: "b.jpg", alt: "A bed." }] }));
  expect(untranslated(es, "es")).toBe(3); // the lamp, the night, what a photograph shows
  const none = withoutLanguage(es, "es");
  expect(languagesIn(none)).toEqual(["en"]);
  expect(none.things![1]).toEqual(room.things![1]);
  expect(none.things![0]!.photos).toEqual(["a.jpg", { photo: "b.jpg", alt: "A bed." }]);
});
