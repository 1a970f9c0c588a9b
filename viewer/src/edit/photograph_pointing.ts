// Pointing at a thing in a photograph: sharper than the drawn room, and there where none can be drawn.
import { button, el } from "../dom";
import type { PhotoFile } from "./client";
import type { Desk } from "./desk";

const atFirst = 24; // of what may be hundreds, spread over all of them
const step = 0.01; // of the picture's size, by a key; with the shift key ten times as much

// In a photograph, in its pixels: upright, at full size, from its left and its top.
export interface SeenIn {
  readonly photo: string;
  readonly at: readonly [number, number];
}

const addressOf = (kind: "thumbs" | "photos", { name }: PhotoFile) =>
  `${kind}/${name.split("/").map(encodeURIComponent).join("/")}`;

// Spread evenly, the first among them.
export function someOf<Item>(items: readonly Item[], most: number): Item[] {
  if (items.length <= most) return [...items];
  return Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)]!);
}

// Takes the place of what is in `body`, until something was `pointed` at or it was `given` up.
export function pointInPhotograph(
  desk: Desk, body: HTMLElement, pointed: (seen: SeenIn) => void, given: () => void,
): void {
  const { texts } = desk;
  const cancel = () => button(texts.cancel, given);
  let placed: readonly PhotoFile[] = [];

  function offer(which: readonly PhotoFile[], focus: number): void {
    const list = el("ul", { class: "thumbs" }, ...which.map((photo) => {
      const number = texts.thing_photo(placed.indexOf(photo) + 1);
      const picture = el("img", { src: addressOf("thumbs", photo), alt: number, loading: "lazy" });
      return el("li", {}, el("button", { type: "button", class: "thumb", onclick: () => pointIn(photo, which) }, picture));
    }));
    body.replaceChildren(el("div", { class: "group" }, el("p", { id: "which" }, texts.thing_in_which), list,
      el("div", { class: "choices" },
        which.length < placed.length ? button(texts.thing_photos_all, () => offer(placed, which.length)) : null, cancel())));
    list.querySelectorAll("button")[focus]?.focus();
  }

  function pointIn(photo: PhotoFile, which: readonly PhotoFile[]): void {
    const cross = el("div", { class: "cross", hidden: true });
    const picture = el("img", { src: addressOf("photos", photo), alt: "", draggable: "false" });
    const around = el("div", {
      class: "pointing", tabindex: "0", role: "application", "aria-describedby": "pointing-help",
      "aria-label": texts.thing_photo(placed.indexOf(photo) + 1),
    }, picture, cross);
    let [x, y] = [0.5, 0.5];
    const tell = () => pointed({
      photo: photo.name,
      at: [Math.round(x * (photo.width ?? 0) * 10) / 10, Math.round(y * (photo.height ?? 0) * 10) / 10],
    });
    around.addEventListener("click", (event) => {
      const box = picture.getBoundingClientRect();
      x = (event.clientX - box.left) / box.width;
      y = (event.clientY - box.top) / box.height;
      if (Math.min(x, y) >= 0 && Math.max(x, y) <= 1) tell();
    });
    const ways: Readonly<Record<string, readonly [number, number]>> =
      { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    around.addEventListener("keydown", (event) => {
      const way = ways[event.key];
      if (event.key === "Enter" || event.key === " ") tell();
      else if (event.key === "Escape") given();
      else if (way !== undefined) {
        const by = event.shiftKey ? 10 * step : step;
        [x, y] = [x + by * way[0], y + by * way[1]].map((value) => Math.min(1, Math.max(0, value))) as [number, number];
        cross.hidden = false;
        cross.style.left = `${100 * x}%`;
        cross.style.top = `${100 * y}%`;
      } else return;
      event.preventDefault();
    });
    around.addEventListener("focus", () => (cross.hidden = !around.matches(":focus-visible")));
    body.replaceChildren(el("div", { class: "group" },
      el("p", {}, texts.thing_point), el("p", { class: "small", id: "pointing-help" }, texts.thing_point_by_keys), around,
      el("div", { class: "choices" }, button(texts.thing_photo_other, () => offer(which, which.indexOf(photo))), cancel())));
    picture.addEventListener("load", () => around.scrollIntoView({ block: "nearest" }), { once: true });
    around.focus();
  }

  void desk.photos().then((photos) => {
    placed = photos.filter((photo) => photo.placed);
    if (placed.length > 0) return offer(someOf(placed, atFirst), 0);
    given();
    desk.trouble(new Error(texts.thing_photos_none_placed));
  }, (error: unknown) => {
    given();
    desk.trouble(error);
  });
}
