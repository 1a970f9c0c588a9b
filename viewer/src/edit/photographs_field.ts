// Which photographs show a thing best, and what each shows.
import { button, el } from "../dom";
import type { Vec3 } from "../visit";
import { change, type Desk } from "./desk";
import { photoItem, photoName, withItem, type Photo, type RoomDocument, type Thing } from "./room_document";
import { textField } from "./word_fields";

const most = 12;

export function photographsField(desk: Desk, thing: Thing, place: Vec3 | null): HTMLElement {
  const { texts } = desk;
  const body = el("div", { class: "photographs" });
  const chosen = (): readonly Photo[] =>
    (desk.keeping.room.things ?? []).find((each) => each.id === thing.id)?.photos ?? [];
  const set = (photos: readonly Photo[]) => change(desk, texts.did.thing_photos(thing.name), (room) =>
    withItem(room, "things", thing.id, (now) => ({ ...now, photos })));

  function shown(names: readonly string[]): void {
    body.replaceChildren(el("ul", { class: "thumbs" }, ...names.map((name, i) => {
      const number = texts.thing_photo(i + 1);
      const box = el("input", { type: "checkbox", id: `photo-${i}`, "aria-label": `${texts.thing_photo_show}: ${number}` });
      box.checked = chosen().some((photo) => photoName(photo) === name);
      const alt = el("div", {});
      const altField = () => alt.replaceChildren(...(box.checked ? [textFor(name, i)] : []));
      box.addEventListener("change", () => {
        const others = chosen().filter((photo) => photoName(photo) !== name);
        set(box.checked ? [...others, { photo: name }] : others);
        altField();
      });
      altField();
      return el("li", {},
        el("label", { class: "thumb" }, el("img", { src: `thumbs/${name.split("/").map(encodeURIComponent).join("/")}`, alt: number, loading: "lazy" }), box),
        alt);
    })));
  }

  function textFor(name: string, i: number): HTMLElement {
    const item = photoItem(chosen().find((photo) => photoName(photo) === name) ?? name);
    const setAlt = (room: RoomDocument, how: (photo: typeof item) => typeof item) =>
      withItem(room, "things", thing.id, (now) => ({
        ...now,
        photos: (now.photos ?? []).map((photo) => (photoName(photo) === name ? how(photoItem(photo)) : photo)),
      }));
    return textField(desk, "alt", 2, {
      id: `photo-alt-${i}`, label: texts.thing_photo_alt, item,
      what: texts.did.thing_photos(thing.name), set: setAlt,
    });
  }

  async function find(): Promise<void> {
    try {
      const seen = place === null ? (await desk.photos()).map(({ name }) => name) : await desk.client.seen(place);
      const names = [...new Set([...chosen().map(photoName), ...seen])].slice(0, Math.max(most, chosen().length));
      if (names.length === 0) body.replaceChildren(el("p", { class: "small" }, texts.thing_photos_none));
      else shown(names);
    } catch (error) {
      desk.trouble(error);
    }
  }

  if (chosen().length > 0) shown(chosen().map(photoName));
  const finder = button(texts.thing_photos_find, () => void find().then(() => body.querySelector("input")?.focus()));
  return el("section", { class: "group" }, el("h2", {}, texts.thing_photos),
    el("p", { class: "small" }, texts.thing_photos_help), body, finder);
}
