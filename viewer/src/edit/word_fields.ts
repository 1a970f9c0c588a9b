// Fields for the keeper's texts, in the language that is written in, beside the first where that is another.
import type { Desk } from "./desk";
import { field } from "./fields";
import {
  languageOf, paragraphsOf, textIn, textOf, withText, wordsIn,
  type RoomDocument, type TextKey, type Translated, type WordsKey,
} from "./room_document";

export interface About<Item extends Translated> {
  readonly id: string;
  readonly label: string;
  readonly help?: string;
  readonly item: Item;
  readonly what: string; // for the history
  readonly required?: boolean; // in the first language
  readonly set: (room: RoomDocument, change: (item: Item) => Item) => RoomDocument;
}

export function textField<Item extends Translated>(
  desk: Desk, key: TextKey, rows: number, about: About<Item>,
): HTMLElement {
  const { keeping, language } = desk;
  const own = languageOf(keeping.room, about.item);
  return field({
    id: about.id, label: about.label, help: about.help ?? null, rows, lang: language,
    value: textIn(keeping.room, about.item, key, language),
    required: (about.required ?? false) && language === own,
    original: language === own ? null : textIn(keeping.room, about.item, key, own), originalLang: own,
    written: (value) => keeping.change(about.what, (room) =>
      about.set(room, (item) => withText(room, item, key, language, value))),
  });
}

export function wordsField<Item extends Translated>(
  desk: Desk, key: WordsKey, rows: number, about: About<Item>,
): HTMLElement {
  const { keeping, language } = desk;
  const own = languageOf(keeping.room, about.item);
  return field({
    id: about.id, label: about.label, help: about.help ?? null, rows, lang: language,
    value: textOf(wordsIn(keeping.room, about.item, key, language)),
    original: language === own ? null : textOf(wordsIn(keeping.room, about.item, key, own)), originalLang: own,
    written: (value) => keeping.change(about.what, (room) =>
      about.set(room, (item) => withText(room, item, key, language, paragraphsOf(value)))),
  });
}
