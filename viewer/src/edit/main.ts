// The keeper's page: where the room is told. One thing at a time, and everything kept as it is written.
import "../style.css";
import "./edit.css";
import { button, el, heading } from "../dom";
import { parseVisit, type Vec3 } from "../visit";
import { captionsPage, keepsCaptions } from "./captions_page";
import { Client, secretIn, Unreachable, type PhotoFile } from "./client";
import { conflictPage } from "./conflict_page";
import type { Desk, Page } from "./desk";
import { historyPage } from "./history_page";
import { homePage } from "./home_page";
import { Keeping } from "./keeping";
import { languagesPage } from "./languages_page";
import { passagesPage } from "./passages_page";
import { placePage } from "./place_page";
import { previewPage } from "./preview_page";
import { languagesIn, liesBy, ownLanguage } from "./room_document";
import { keepsRecordings } from "./recording_section";
import { RoomPane } from "./room_pane";
import { siteWithin } from "./site_within";
import { storiesPage, storyPage } from "./stories_pages";
import { editTextsFor, type EditTexts } from "./texts";
import { thingPage, thingsPage } from "./things_pages";
import { tourPage } from "./tour_page";
import { whatWasDone } from "./what_was_done";
import { firstPage, lastPage } from "./words_pages";

interface Busy extends Page {
  readonly busy?: () => boolean;
}

class Workroom implements Desk {
  language: string;
  pane: RoomPane | null = null;
  private page: Busy | null = null;
  private waits: string | null = null;
  private known: Promise<readonly PhotoFile[]> | null = null;
  private laying: Promise<void> | null = null;
  private lies: string; // what the keeper said of how the room lies, as it is drawn
  private readonly how = el("p", { class: "saved" });
  private readonly said = el("p", { class: "unseen", role: "status" });
  private readonly alarm = el("div", { class: "alarm", role: "alert" });
  private readonly place = el("div", { class: "place" });
  private readonly body = el("main", {});
  private readonly undoing: HTMLButtonElement;
  private readonly redoing: HTMLButtonElement;
  private readonly frame: HTMLElement;

  constructor(
    readonly texts: EditTexts,
    readonly client: Client,
    readonly keeping: Keeping,
  ) {
    this.language = ownLanguage(keeping.room);
    this.lies = liesBy(keeping.room);
    this.undoing = button(texts.undo, () => void this.step("undo"));
    this.redoing = button(texts.redo, () => void this.step("redo"));
    this.frame = el("div", { class: "workroom" },
      el("header", {}, this.how, el("div", { class: "choices" }, this.undoing, this.redoing)),
      this.alarm, this.place, this.body, this.said);
    document.body.replaceChildren(this.frame);
    keeping.onSaved = () => this.tellSaved();
    keeping.onOther = () => this.rebuild();
    window.addEventListener("hashchange", () => this.show());
    window.addEventListener("focus", () => void this.look());
    window.addEventListener("beforeunload", (event) => {
      void keeping.settle();
      if (keeping.saved.how !== "saved" || this.page?.busy?.() || keepsRecordings() || keepsCaptions(keeping.room)) event.preventDefault();
    });
    window.addEventListener("keydown", (event) => this.pressed(event));
    this.tellSaved();
    this.show();
  }

  write(language: string): void {
    this.language = language;
  }
  go(route: string): void {
    if (location.hash === `#${route}`) this.show();
    else location.hash = route;
  }
  again(focus?: string): void {
    this.show(focus);
  }
  unkept(words: string | null): void {
    this.waits = words;
    this.tellSaved();
  }
  say(words: string): void {
    this.said.textContent = words;
  }
  trouble(error: unknown): void {
    this.alarm.textContent = error instanceof Unreachable ? this.texts.not_reached
      : error instanceof Error ? error.message : String(error);
  }
  photos(): Promise<readonly PhotoFile[]> {
    return (this.known ??= this.client.photos());
  }
  ask(words: string, answered: (place: Vec3, deviation_m: number) => void, given: () => void): void {
    if (this.pane !== null && !this.pane.undrawn) return this.pane.ask(words, answered, given);
    const comes = this.pane === null && (this.opening || this.laying !== null);
    this.trouble(new Error(comes ? this.texts.loading : this.texts.room_not_drawn));
    given();
  }
  layAnew(): Promise<void> {
    this.laying ??= this.lay().finally(() => {
      this.laying = null;
      this.unkept(null);
    });
    return this.laying;
  }

  private async lay(): Promise<void> {
    this.unkept(this.texts.moving_room);
    this.pane?.close();
    this.pane = null;
    this.lies = liesBy(this.keeping.room);
    await this.client.build(() => {});
    await this.keeping.renew();
    this.say(this.texts.room_moved);
  }

  // Another window may have changed something since one looked away.
  private async look(): Promise<void> {
    const before = this.keeping.room;
    await this.keeping.renew();
    if (this.keeping.room !== before && JSON.stringify(before) !== JSON.stringify(this.keeping.room)) {
      this.say(this.texts.changed_elsewhere);
    }
  }

  private pressed(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.key.toLowerCase() !== "z") return;
    const writing = event.target instanceof HTMLElement && event.target.matches("input, textarea");
    if (writing) return; // the field's own
    event.preventDefault();
    void this.step(event.shiftKey ? "redo" : "undo");
  }

  private async step(which: "undo" | "redo"): Promise<void> {
    const { undo, redo } = this.keeping.state;
    const what = which === "undo" ? undo?.what : redo?.what;
    if (what === undefined && this.keeping.saved.how !== "refused") return;
    try {
      const done = await (which === "undo" ? this.keeping.undo() : this.keeping.redo());
      const { undone, redone, changed_elsewhere } = this.texts;
      const said = what === undefined ? "" : whatWasDone(this.texts, what);
      this.say(done ? `${which === "undo" ? undone : redone} ${said}` : changed_elsewhere);
    } catch (error) {
      this.trouble(error);
    }
  }

  private tellSaved(): void {
    const { texts, keeping: { saved, state } } = this;
    const waits = saved.how === "saved" ? this.waits : null;
    this.how.classList.toggle("not", waits !== null || (saved.how !== "saved" && saved.how !== "saving"));
    this.how.textContent = waits ?? (saved.how === "saving" ? texts.saving : saved.how === "saved" ? texts.saved
      : saved.how === "away" ? texts.away : saved.how === "refused" ? texts.refused(saved.why) : texts.conflict);
    if (saved.how === "away" || saved.how === "refused") this.say(this.how.textContent);
    const able = saved.how === "refused" || state.undo !== null;
    this.tell(this.undoing, able, state.undo ? texts.undo_what(whatWasDone(texts, state.undo.what)) : texts.undo);
    this.tell(this.redoing, state.redo !== null, state.redo ? texts.redo_what(whatWasDone(texts, state.redo.what)) : texts.redo);
    if (saved.how === "conflict" && this.page?.title !== texts.conflict) this.show();
  }

  // A button that takes the focus away by being of no use now would leave nobody anywhere.
  private tell(which: HTMLButtonElement, able: boolean, name: string): void {
    which.setAttribute("aria-disabled", String(!able));
    which.setAttribute("aria-label", name);
    which.title = name;
  }

  // The document is another: the page anew, with the focus where it was; unless something is going on in it.
  private rebuild(): void {
    if (this.page?.busy?.()) return;
    if (this.lies !== liesBy(this.keeping.room)) {
      void this.layAnew().then(() => this.show(null), (error: unknown) => this.trouble(error));
    }
    const at = document.activeElement;
    if (!languagesIn(this.keeping.room).includes(this.language)) this.language = ownLanguage(this.keeping.room);
    this.show(at instanceof HTMLElement && this.body.contains(at) ? at.id : null);
  }

  // `focus`: the id of what gets it; its heading where that is not there; null leaves it where it is.
  private show(focus: string | null = ""): void {
    this.page?.leave?.();
    this.alarm.textContent = "";
    const page = this.pageFor();
    this.page = page;
    if (page.withRoom) void this.openRoom();
    if (page.withRoom && this.pane) this.place.replaceChildren(this.pane.element);
    else this.place.replaceChildren();
    this.frame.classList.toggle("with-room", page.withRoom && this.pane !== null);
    this.body.replaceChildren(page.element);
    document.title = `${page.title} · ${this.texts.page_title(this.keeping.room.title)}`;
    if (focus === null) return;
    const wanted = focus === "" ? null : document.getElementById(focus);
    (wanted ?? this.body.querySelector("h1"))?.focus();
    if (focus === "") window.scrollTo(0, 0);
  }

  private pageFor(): Busy {
    const { saved } = this.keeping;
    if (saved.how === "conflict") return conflictPage(this, saved.conflict);
    const [name = "", ...ids] = location.hash.slice(1).split("/").map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return "";
      }
    });
    const [id = "", language = ""] = ids;
    const page = ((): Busy | null => {
      switch (name) {
        case "first": return firstPage(this);
        case "place": return placePage(this);
        case "things": return thingsPage(this);
        case "thing": return thingPage(this, id);
        case "stories": return storiesPage(this, id || null);
        case "story": return storyPage(this, id);
        case "captions": return captionsPage(this, id, language);
        case "passages": return passagesPage(this, id);
        case "tour": return tourPage(this);
        case "last": return lastPage(this);
        case "languages": return languagesPage(this);
        case "preview": return previewPage(this);
        case "history": return historyPage(this);
        default: return null;
      }
    })();
    return page ?? homePage(this);
  }

  private opening = false;

  private async openRoom(): Promise<void> {
    if (this.pane !== null || this.opening || this.laying !== null) return;
    this.opening = true;
    await this.fetchRoom();
    this.opening = false;
  }

  private async fetchRoom(): Promise<void> {
    try {
      const answer = await fetch("site/visit.json", { cache: "no-store" });
      if (!answer.ok) {
        this.say(this.texts.no_site);
        await this.client.build(() => {});
        return await this.fetchRoom();
      }
      this.pane = new RoomPane(this.texts, siteWithin(parseVisit(await answer.json()), "site/"));
      if (this.page?.withRoom) this.rebuild();
    } catch (error) {
      this.trouble(error);
    }
  }
}

async function begin(): Promise<void> {
  const texts = editTextsFor(navigator.language);
  document.documentElement.lang = texts.language;
  const client = new Client(secretIn(location.pathname));
  try {
    new Workroom(texts, client, new Keeping(client, await client.room()));
  } catch (error) {
    const words = error instanceof Unreachable || !(error instanceof Error) ? texts.not_reached : error.message;
    document.title = texts.loading;
    document.body.replaceChildren(el("main", { class: "quiet sorry" }, heading("h1", words)));
  }
}

void begin();
