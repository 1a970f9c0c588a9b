// room.json as the keeper's page changes it: values in, a new value out. Keys that this page does not
// know stay as they are; docs/room-format.md describes those that it does.
import type { Vec3 } from "../visit";

export type Words = readonly string[];
type Maybe<T> = T | null | undefined;

export type TextKey = "title" | "name" | "alt" | "content_note";
export type WordsKey = "words" | "last_words" | "support_words" | "offer_words";
export type Texts = { readonly [key in TextKey]?: string | null } &
  { readonly [key in WordsKey]?: Words | null };

export interface Translated extends Texts {
  readonly translations?: Maybe<Readonly<Record<string, Texts>>>;
}

export interface Further {
  readonly words?: Maybe<Words>;
  readonly link?: Maybe<string>;
}

export interface Thing extends Translated {
  readonly id: string;
  readonly name: string;
  readonly position?: Maybe<Vec3>;
  readonly seen_in?: unknown; // a photograph and a pixel in it, instead of a position
  readonly photos?: Maybe<readonly Photo[]>;
}

// A photograph's name below photos/, alone or with what it shows.
export type Photo = string | (Translated & { readonly photo: string });

export interface Caption {
  readonly path: string; // below stories/
  readonly language: string;
  readonly label?: Maybe<string>;
}

export interface Passage {
  readonly from: number; // seconds
  readonly to: number;
  readonly things: readonly string[];
}

export interface Story extends Translated {
  readonly id: string;
  readonly title: string;
  readonly speaker?: Maybe<string>;
  readonly language?: Maybe<string>;
  readonly things?: Maybe<readonly string[]>;
  readonly sound?: Maybe<string>; // below stories/
  readonly video?: Maybe<string>;
  readonly trim?: Maybe<{ readonly from?: Maybe<number>; readonly to?: Maybe<number> }>; // seconds
  readonly captions?: Maybe<readonly Caption[]>;
  readonly passages?: Maybe<readonly Passage[]>;
}

export interface TourStep extends Translated {
  readonly thing?: Maybe<string>;
  readonly story?: Maybe<string>;
  readonly place?: Maybe<{ readonly position: Vec3; readonly look_at: Vec3 }>;
  readonly pause?: Maybe<number>; // seconds
}

export interface RoomDocument extends Translated {
  readonly title: string;
  readonly language?: Maybe<string>;
  readonly credit?: Maybe<string>;
  readonly searchable?: Maybe<boolean>;
  readonly support?: Maybe<Further>;
  readonly offer?: Maybe<Further>;
  readonly doorway?: unknown;
  readonly measured?: unknown;
  readonly room_from_reconstruction?: unknown;
  readonly things?: Maybe<readonly Thing[]>;
  readonly stories?: Maybe<readonly Story[]>;
  readonly tour?: Maybe<readonly TourStep[]>;
}

// What says how large the room is and which way is up; the same text for the same.
export const liesBy = (room: RoomDocument): string =>
  JSON.stringify([room.measured ?? null, room.room_from_reconstruction ?? null]);

export const ownLanguage = (room: RoomDocument): string => room.language ?? "en";

// The room's languages, its own first. One without any text yet stands as an empty translation.
export function languagesIn(room: RoomDocument): string[] {
  const others = itemsOf(room).flatMap((item) => Object.keys(item.translations ?? {}));
  return [...new Set([ownLanguage(room), ...others])];
}

// The language of what stands in an item itself: a story may be told in another than the room.
export const languageOf = (room: RoomDocument, item: Translated): string =>
  (item as { readonly language?: Maybe<string> }).language ?? ownLanguage(room);

// What an item says in a language, without falling back on another.
function inLanguage(room: RoomDocument, item: Translated, language: string): Texts {
  return language === languageOf(room, item) ? item : item.translations?.[language] ?? {};
}

export function textIn(room: RoomDocument, item: Translated, key: TextKey, language: string): string {
  return inLanguage(room, item, language)[key] ?? "";
}

export function wordsIn(room: RoomDocument, item: Translated, key: WordsKey, language: string): Words {
  return inLanguage(room, item, language)[key] ?? [];
}

// The item with that text in that language; an empty one is taken out.
export function withText<Item extends Translated>(
  room: RoomDocument, item: Item, key: TextKey | WordsKey, language: string, value: string | Words,
): Item {
  const given = value.length > 0;
  if (language === languageOf(room, item)) {
    const { [key]: _, ...others } = item;
    return { ...others, ...(given ? { [key]: value } : {}) } as unknown as Item;
  }
  const { [key]: _, ...others } = item.translations?.[language] ?? {};
  const texts = { ...others, ...(given ? { [key]: value } : {}) };
  return { ...item, translations: { ...item.translations, [language]: texts } };
}

export const photoName = (photo: Photo): string => (typeof photo === "string" ? photo : photo.photo);
export const photoItem = (photo: Photo): Exclude<Photo, string> =>
  (typeof photo === "string" ? { photo } : photo);

// One text with its paragraphs parted by empty lines, and back.
export const paragraphsOf = (text: string): Words =>
  text.split(/\n[ \t]*\n/).map((paragraph) => paragraph.trim()).filter((paragraph) => paragraph !== "");
export const textOf = (words: Words): string => words.join("\n\n");

// An id for a name: "La caja de música" is "la-caja-de-musica"; with a number where that is taken.
export function idFor(name: string, taken: readonly string[], otherwise: string): string {
  const plain = name.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase()
    .replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 56).replace(/-+$/, "") || otherwise;
  if (!taken.includes(plain)) return plain;
  for (let number = 2; ; number++) {
    if (!taken.includes(`${plain}-${number}`)) return `${plain}-${number}`;
  }
}

type Listed = "things" | "stories";
type Item<List extends Listed> = List extends "things" ? Thing : Story;

export const thingsIn = (room: RoomDocument): readonly Thing[] => room.things ?? [];
export const storiesIn = (room: RoomDocument): readonly Story[] => room.stories ?? [];
export const tourIn = (room: RoomDocument): readonly TourStep[] => room.tour ?? [];

export function withItem<List extends Listed>(
  room: RoomDocument, list: List, id: string, change: (item: Item<List>) => Item<List>,
): RoomDocument {
  const items = (room[list] ?? []) as readonly Item<List>[];
  return { ...room, [list]: items.map((item) => (item.id === id ? change(item) : item)) };
}

// What a step of the tour says besides stays; one that says nothing any more goes.
function stepsWithout(tour: readonly TourStep[], key: "thing" | "story", id: string): TourStep[] {
  return tour.flatMap((step) => {
    if (step[key] !== id) return [step];
    const others: TourStep = { ...step };
    delete (others as { thing?: unknown; story?: unknown })[key];
    return others.thing || others.story || others.place || (others.words ?? []).length > 0 ? [others] : [];
  });
}

// Without the thing, and without what spoke of it.
export function withoutThing(room: RoomDocument, id: string): RoomDocument {
  const others = (ids: Maybe<readonly string[]>) => (ids ?? []).filter((each) => each !== id);
  return {
    ...room,
    things: thingsIn(room).filter((thing) => thing.id !== id),
    stories: storiesIn(room).map((story) => ({
      ...story,
      ...(story.things ? { things: others(story.things) } : {}),
      ...(story.passages ? {
        passages: story.passages.map((passage) => ({ ...passage, things: others(passage.things) }))
          .filter((passage) => passage.things.length > 0),
      } : {}),
    })),
    ...(room.tour ? { tour: stepsWithout(room.tour, "thing", id) } : {}),
  };
}

export function withoutStory(room: RoomDocument, id: string): RoomDocument {
  return {
    ...room,
    stories: storiesIn(room).filter((story) => story.id !== id),
    ...(room.tour ? { tour: stepsWithout(room.tour, "story", id) } : {}),
  };
}

// A story told in another language: what it says in that one comes to stand in it, if it does.
export function toldIn(room: RoomDocument, story: Story, language: string): Story {
  const before = languageOf(room, story);
  const { [language]: texts, ...others } = story.translations ?? {};
  if (texts === undefined || before === language) return { ...story, language };
  const { title, words, content_note } = story;
  return {
    ...story, ...texts, title: texts.title ?? title, language,
    translations: { ...others, [before]: { title, ...(words ? { words } : {}), ...(content_note ? { content_note } : {}) } },
  };
}

const everyText = ["title", "name", "alt", "content_note", "words", "last_words"] as const;

function itemsOf(room: RoomDocument): Translated[] {
  const photos = thingsIn(room).flatMap((thing) => thing.photos ?? []).map(photoItem);
  return [room, ...thingsIn(room), ...storiesIn(room), ...tourIn(room), ...photos];
}

// How many texts there are that a language does not have yet.
export function untranslated(room: RoomDocument, language: string): number {
  const given = (text: string | Words | null | undefined) => text !== null && text !== undefined && text.length > 0;
  return itemsOf(room).filter((item) => languageOf(room, item) !== language)
    .flatMap((item) => everyText.map((key) => given(item[key]) && !given(item.translations?.[language]?.[key])))
    .filter((missing) => missing).length;
}

export function withoutLanguage(room: RoomDocument, language: string): RoomDocument {
  const strip = <Item extends Translated>(item: Item): Item => {
    if (item.translations?.[language] === undefined) return item;
    const { [language]: _, ...translations } = item.translations;
    return { ...item, translations };
  };
  const photo = (one: Photo): Photo => (typeof one === "string" ? one : strip(one));
  return strip({
    ...room,
    ...(room.things ? {
      things: room.things.map((thing) =>
        strip({ ...thing, ...(thing.photos ? { photos: thing.photos.map(photo) } : {}) })),
    } : {}),
    ...(room.stories ? { stories: room.stories.map(strip) } : {}),
    ...(room.tour ? { tour: room.tour.map(strip) } : {}),
  });
}

// One item of a list moved to another place in it.
export function moved<T>(list: readonly T[], from: number, to: number): T[] {
  const rest = list.filter((_, i) => i !== from);
  const item = list[from];
  return item === undefined ? rest : [...rest.slice(0, to), item, ...rest.slice(to)];
}
