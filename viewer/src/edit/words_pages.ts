// The words before the room and after it.
import { el } from "../dom";
import { home, languageSwitch, sheet, type Desk, type Page } from "./desk";
import { field } from "./fields";
import type { RoomDocument } from "./room_document";
import { textField, wordsField } from "./word_fields";

const ofRoom = (room: RoomDocument, change: (room: RoomDocument) => RoomDocument) => change(room);

export function firstPage(desk: Desk): Page {
  const { texts, keeping: { room } } = desk;
  const about = { item: room, what: texts.did.first, set: ofRoom };
  return {
    title: texts.task_first, withRoom: false,
    element: sheet(home(desk), texts.task_first, el("p", {}, texts.first_intro), languageSwitch(desk),
      textField(desk, "title", 1, { ...about, id: "title", label: texts.title, required: true }),
      wordsField(desk, "words", 8, { ...about, id: "words", label: texts.words, help: texts.words_help }),
      textField(desk, "content_note", 2,
        { ...about, id: "content-note", label: texts.content_note, help: texts.content_note_help }),
      field({
        id: "credit", label: texts.credit, value: room.credit ?? "",
        written: (value) => desk.keeping.change(texts.did.first, (now) => ({ ...now, credit: value || null })),
      }), searchChoice(desk)),
  };
}

// Unless the keeper wishes it, a room is found only by who has its link.
function searchChoice(desk: Desk): HTMLElement {
  const { texts, keeping } = desk;
  const box = el("input", { type: "checkbox", id: "searchable", "aria-describedby": "searchable-help" });
  box.checked = keeping.room.searchable === true;
  box.addEventListener("change", () =>
    keeping.change(texts.did.first, (room) => ({ ...room, searchable: box.checked || null })));
  return el("div", { class: "field" }, el("label", { class: "check" }, box, el("span", {}, texts.searchable)),
    el("p", { class: "small", id: "searchable-help" }, texts.searchable_help));
}

const goodLink = /^(https?:\/\/|mailto:|tel:)[^\s"<>\\]*$/;

// The first language's words stand with the link; those of others among the translations.
function further(desk: Desk, key: "support" | "offer", label: string, help: string, linkLabel: string): HTMLElement {
  const { texts, keeping } = desk;
  const wrong = el("p", { class: "message", role: "status" });
  const item = { ...keeping.room, [`${key}_words`]: keeping.room[key]?.words ?? [] };
  const set = (room: RoomDocument, change: (room: RoomDocument) => RoomDocument) => {
    const { [`${key}_words` as const]: words, ...changed } = change({ ...room, [`${key}_words`]: room[key]?.words ?? [] });
    const part = { ...room[key], words: words ?? [] };
    return { ...changed, [key]: part.words.length === 0 && !part.link ? null : part } as RoomDocument;
  };
  return el("div", { class: "group" },
    wordsField(desk, `${key}_words`, 3, { id: key, label, help, item, what: texts.did.last, set }),
    field({
      id: `${key}-link`, label: linkLabel, help: texts.link_help, value: keeping.room[key]?.link ?? "",
      written: (value) => {
        const fits = value === "" || goodLink.test(value);
        wrong.textContent = fits ? "" : texts.link_wrong;
        if (!fits) return;
        keeping.change(texts.did.last, (room) => {
          const part = { words: [], ...room[key], link: value || null };
          return { ...room, [key]: (part.words ?? []).length === 0 && !part.link ? null : part };
        });
      },
    }), wrong);
}

export function lastPage(desk: Desk): Page {
  const { texts, keeping: { room } } = desk;
  return {
    title: texts.task_last, withRoom: false,
    element: sheet(home(desk), texts.task_last, el("p", {}, texts.last_intro), languageSwitch(desk),
      wordsField(desk, "last_words", 5,
        { item: room, what: texts.did.last, set: ofRoom, id: "last-words", label: texts.last_words, help: texts.words_help }),
      further(desk, "support", texts.support, texts.support_help, texts.support_link),
      further(desk, "offer", texts.offer, texts.offer_help, texts.offer_link)),
  };
}
