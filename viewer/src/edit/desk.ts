// What every page of the keeper has at hand.
import { button, el, heading } from "../dom";
import type { Vec3 } from "../visit";
import type { Client, PhotoFile } from "./client";
import type { Keeping } from "./keeping";
import { languagesIn, ownLanguage, type RoomDocument } from "./room_document";
import type { RoomPane } from "./room_pane";
import type { EditTexts } from "./texts";

export interface Desk {
  readonly texts: EditTexts;
  readonly client: Client;
  readonly keeping: Keeping;
  readonly language: string; // that is written in
  readonly pane: RoomPane | null; // on pages that ask for it
  write(language: string): void;
  go(route: string): void;
  again(focus?: string): void; // the page anew, with the focus on the element of that id
  unkept(words: string | null): void; // something on the page waits for the keeper to keep it
  say(words: string): void; // to everybody, aloud where there is a screen reader
  trouble(error: unknown): void;
  photos(): Promise<readonly PhotoFile[]>;
  // A place in the room, pointed at; or `given` up, at once where there is no room to point at.
  ask(words: string, answered: (place: Vec3, deviation_m: number) => void, given: () => void): void;
  layAnew(): Promise<void>; // the room's size or direction is another: it is made and drawn anew
}

export interface Page {
  readonly title: string;
  readonly element: HTMLElement;
  readonly withRoom: boolean;
  readonly leave?: () => void;
}

export const routeTo = (...parts: string[]): string => parts.map(encodeURIComponent).join("/");

export function change(desk: Desk, what: string, how: (room: RoomDocument) => RoomDocument): void {
  desk.keeping.change(what, how);
}

export function nameOf(desk: Desk, language: string): string {
  try {
    return new Intl.DisplayNames([desk.texts.language], { type: "language" }).of(language) ?? language;
  } catch {
    return language;
  }
}

// A page's body: the way back, its name, and what is on it.
export function sheet(
  [route, name]: readonly [string, string], title: string, ...children: (Node | null)[]
): HTMLElement {
  return el("div", { class: "sheet" },
    el("nav", {}, el("a", { class: "way-back", href: `#${route}` }, name)), heading("h1", title), ...children);
}

export const home = (desk: Desk): readonly [string, string] => ["", desk.texts.back_home];

// Which language is written in, where there are several.
export function languageSwitch(desk: Desk): HTMLElement | null {
  const languages = languagesIn(desk.keeping.room);
  if (languages.length < 2) return null;
  return el("div", { class: "languages", role: "group", "aria-label": desk.texts.writing_in },
    ...languages.map((language) => {
      const choice = button(nameOf(desk, language), () => {
        desk.write(language);
        desk.again(`language-${language}`);
      });
      choice.id = `language-${language}`;
      choice.setAttribute("aria-pressed", String(language === desk.language));
      return choice;
    }));
}

export const isOwn = (desk: Desk): boolean => desk.language === ownLanguage(desk.keeping.room);
