// In which languages the room is told.
import { button, el } from "../dom";
import { change, home, nameOf, sheet, type Desk, type Page } from "./desk";
import { choice, removal } from "./fields";
import {
  languagesIn, ownLanguage, untranslated, withoutLanguage, type RoomDocument,
} from "./room_document";

// What people ask for most; any other is named by its sign.
const usual = ["en", "es", "pt", "fr", "de", "it", "ca", "nl", "pl", "uk", "ru", "ar", "he", "tr", "zh", "ja", "ko", "vi"];

export function languagesPage(desk: Desk): Page {
  const { texts, keeping: { room } } = desk;
  const own = ownLanguage(room);
  const others = languagesIn(room).filter((language) => language !== own);
  const named = (language: string) => [language, nameOf(desk, language)] as const;
  const byName = (languages: readonly string[]) => languages.map(named)
    .sort((a, b) => a[1].localeCompare(b[1], texts.language));
  return {
    title: texts.task_languages, withRoom: false,
    element: sheet(home(desk), texts.task_languages, el("p", {}, texts.languages_intro),
      choice("own", `${texts.languages_first}. ${texts.languages_first_help}`,
        byName([...new Set([own, ...usual])].filter((language) => !others.includes(language))), own,
        (language) => {
          change(desk, texts.did.languages, (now) => ({ ...now, language }));
          desk.write(language);
          desk.again("own");
        }),
      el("section", { class: "group" }, el("h2", {}, texts.languages_also),
        others.length === 0 ? el("p", { class: "small" }, texts.languages_none)
          : el("ul", { class: "list" }, ...others.map((language) => otherRow(desk, room, language))),
        adding(desk, byName(usual.filter((language) => language !== own && !others.includes(language)))))),
  };
}

function otherRow(desk: Desk, room: RoomDocument, language: string): HTMLElement {
  const { texts } = desk;
  const name = nameOf(desk, language);
  return el("li", {}, el("h3", {}, name),
    el("p", { class: "small" }, texts.languages_missing(untranslated(room, language))),
    el("div", { class: "choices" }, button(texts.languages_write(name), () => {
      desk.write(language);
      desk.go("first");
    })),
    removal(texts.languages_remove(name), texts.languages_remove_sure(name), texts.languages_remove(name),
      texts.no_keep, () => {
        change(desk, texts.did.languages, (now) => withoutLanguage(now, language));
        if (desk.language === language) desk.write(ownLanguage(room));
        desk.again("new-language");
      }));
}

function adding(desk: Desk, options: readonly (readonly [string, string])[]): HTMLElement {
  const { texts } = desk;
  let chosen = options[0]![0];
  const wrong = el("p", { class: "message", role: "status" });
  const other = el("input", { id: "sign", type: "text", autocomplete: "off", maxlength: "35", "aria-describedby": "sign-help" });
  return el("form", {
    class: "adding", onsubmit: (event) => {
      event.preventDefault();
      const sign = other.value.trim();
      if (sign !== "" && !/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(sign)) {
        wrong.textContent = texts.languages_other_wrong;
        return other.focus();
      }
      const language = sign || chosen;
      change(desk, texts.did.languages, (room) => (languagesIn(room).includes(language) ? room
        : { ...room, translations: { ...room.translations, [language]: {} } }));
      desk.again("new-language");
    },
  },
    choice("new-language", texts.languages_add, options, chosen, (value) => (chosen = value)),
    el("div", { class: "field" }, el("label", { for: "sign" }, texts.languages_other),
      el("p", { class: "small", id: "sign-help" }, texts.languages_other_help), other, wrong),
    el("button", { type: "submit", class: "main" }, texts.languages_add));
}
