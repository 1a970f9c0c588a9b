// From the first page into the room and out again.
import "./style.css";
import { prepareDrawing } from "./drawing";
import { latestVisit } from "./growth";
import { inside, type Inside } from "./inside";
import {
  firstPage, lastPage, notNowPage, pausePage, sorryPage, wordsPage, type Steps,
} from "./pages";
import { markOwnTexts } from "./language_of_parts";
import { NoWebGlError } from "./no_webgl";
import { linkedPlace, type LinkedPlace } from "./place_link";
import { RoomFileError } from "./sog";
import { Hook } from "./test_hook";
import { directionOf, textsFor, type Texts } from "./texts";
import { languageFor, languagesOf, parseVisit, visitIn, VisitError, type Visit } from "./visit";

const hook = new Hook();
window.ajar = hook;

function put(page: HTMLElement, focus: HTMLElement | null): void {
  document.body.replaceChildren(page);
  window.scrollTo(0, 0);
  focus?.focus();
}

// The browser's back and forward go from page to page as the visitor did. A page that is loaded
// anew always begins at the first one, whatever its entry says: nothing is fetched or drawn before
// somebody steps in.
type Step = "first" | "not-now" | "room" | "pause" | "last";
interface Entry {
  readonly step: Step;
}

// Within another page ("?embed"): that page's back and forward are not ours, and there is a way out to
// a window of one's own.
const embedded = new URLSearchParams(location.search).has("embed");

const idle_ms = 300; // after the first page is there

class Flow {
  private current: Inside | null = null;
  private whole: Visit;
  private visit!: Visit; // in the visitor's language, and so are the texts
  private texts!: Texts;
  private paused = false;
  private entering = false; // the newest state of a growing room is asked for
  private readonly steps: Steps = {
    stepIn: () => {
      if (!embedded && (history.state as Entry | null)?.step !== "room") this.push("room");
      void this.stepIn();
    },
    notNow: () => this.go("not-now"),
    leave: () => this.go("last"),
    goBack: () => (embedded ? this.show("room") : history.back()),
  };

  constructor(whole: Visit) {
    this.whole = whole;
    put(this.firstPageIn(languageFor(whole, navigator.languages)), null);
    this.prepareSoon();
    window.addEventListener("popstate", (event) => {
      this.show((event.state as Entry | null)?.step ?? "first");
    });
  }

  // What draws is code and not the room: it may come before, so that stepping in is quick.
  private prepareSoon(): void {
    window.setTimeout(() => {
      if (this.current === null) prepareDrawing();
    }, idle_ms);
  }

  private push(step: Step): void {
    const fragment = step === "room" ? location.hash : "";
    const entry: Entry = { step };
    history.pushState(entry, "", location.pathname + location.search + fragment);
  }

  private go(step: Step): void {
    if (!embedded) this.push(step);
    this.show(step);
  }

  private show(step: Step): void {
    switch (step) {
      case "first":
        this.close();
        this.prepareSoon();
        return this.turnTo(this.firstPageIn(this.visit.language));
      case "not-now":
        this.close();
        return this.turnTo(notNowPage(this.texts, this.visit, this.steps));
      case "last":
        this.close();
        return this.turnTo(lastPage(this.texts, this.visit, this.steps));
      case "pause":
        if (this.current === null) return this.show("first");
        this.current.pause();
        this.paused = true;
        return this.turnTo(pausePage(this.texts, this.visit, this.steps));
      case "room":
        if (this.current === null) return void this.stepIn();
        if (!this.paused) return; // another place in it, by a link
        this.paused = false;
        return put(this.current.element, this.current.room);
    }
  }

  private firstPageIn(language: string): HTMLElement {
    this.visit = visitIn(this.whole, language);
    this.texts = textsFor(language);
    document.title = this.visit.title;
    document.documentElement.lang = language;
    document.documentElement.dir = directionOf(language);
    const page = firstPage(this.texts, this.visit, this.steps, languagesOf(this.whole),
      (chosen) => this.turnTo(this.firstPageIn(chosen)),
      { linked: linkedPlace(location.hash) !== null, embedded });
    markOwnTexts(page, this.visit.own);
    return page;
  }

  private turnTo(page: HTMLElement): void {
    markOwnTexts(page, this.visit.own);
    put(page, page.querySelector("h1"));
  }

  // A room that is still being made may have become another since it was looked at last.
  private async renew(): Promise<void> {
    if (!this.whole.growing) return;
    const whole = await latestVisit(null).catch(() => null);
    if (whole === null) return;
    if (!whole.growing) return location.reload();
    this.whole = whole;
    this.visit = visitIn(whole, this.visit.language);
  }

  private async stepIn(): Promise<void> {
    if (this.entering) return;
    this.entering = true;
    await this.renew();
    this.entering = false;
    let now: Inside | null = null;
    try {
      now = this.roomFrom(linkedPlace(location.hash));
      this.current = now;
      markOwnTexts(now.element, this.visit.own);
      put(now.element, now.room);
      const view = await now.enter();
      if (this.current !== now) return;
      hook.stands(now, view);
      await now.sharpen();
      if (this.current === now) hook.isSharp();
      await now.grow();
    } catch (error) {
      this.giveUp(now, this.messageFor(error), error);
    }
  }

  private messageFor(error: unknown): string {
    const { texts } = this;
    if (error instanceof RoomFileError) return error.kind === "missing" ? texts.room_missing : texts.room_wrong;
    return error instanceof NoWebGlError ? texts.no_webgl : texts.room_failed;
  }

  private roomFrom(link: LinkedPlace | null): Inside {
    const now: Inside = inside(this.texts, this.visit, {
      leave: this.steps.leave,
      pause: () => {
        if (!this.paused) this.go("pause");
      },
      lost: () => this.giveUp(now, this.texts.context_lost, null),
      stands: (link) => {
        if (this.current === now && !this.paused && !embedded) history.replaceState(history.state, "", link);
      },
    }, link);
    return now;
  }

  // The room is no more, but its words are.
  private giveUp(now: Inside | null, message: string, error: unknown): void {
    if (this.current !== now) return; // somebody left meanwhile
    if (error) console.warn(error instanceof Error ? error.message : error);
    hook.failed(new Error(message));
    this.close();
    const anew = error instanceof RoomFileError && error.anew;
    this.turnTo(wordsPage(this.texts, this.visit, message,
      anew ? { ...this.steps, stepIn: () => location.reload() } : this.steps));
  }

  private close(): void {
    const now = this.current;
    this.current = null;
    this.paused = false;
    hook.left();
    now?.leave();
  }
}

async function begin(): Promise<void> {
  document.documentElement.classList.toggle("embedded", embedded);
  const texts = textsFor(navigator.language);
  document.documentElement.lang = texts.language;
  let visit: Visit;
  try {
    const answer = await fetch("visit.json");
    if (!answer.ok) throw new Error(`visit.json: ${answer.status}`);
    visit = parseVisit(await answer.json().catch(() => {
      throw new VisitError("visit.json is not JSON");
    }));
  } catch (error) {
    hook.failed(error);
    const known = error instanceof VisitError;
    return put(sorryPage(texts, known ? texts.visit_wrong : texts.visit_missing,
      known ? error.message : null), null);
  }
  try {
    new Flow(visit);
  } catch (error) {
    console.warn(error instanceof Error ? error.message : error);
    hook.failed(error);
    put(sorryPage(texts, texts.page_failed, null), null);
  }
}

void begin();
