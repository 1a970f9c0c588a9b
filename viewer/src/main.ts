// From the first page into the room and out again.
import "./style.css";
import { inside, type Inside } from "./inside";
import { firstPage, lastPage, notNowPage, sorryPage, wordsPage } from "./pages";
import { RoomFileError } from "./sog";
import { Hook } from "./test_hook";
import { textsFor, type Texts } from "./texts";
import { languageFor, languagesOf, parseVisit, visitIn, VisitError, type Visit } from "./visit";

const hook = new Hook();
window.ajar = hook;

function put(page: HTMLElement, focus: HTMLElement | null): void {
  document.body.replaceChildren(page);
  window.scrollTo(0, 0);
  focus?.focus();
}

class Flow {
  private current: Inside | null = null;
  private visit!: Visit; // in the visitor's language, and so are the texts
  private texts!: Texts;
  private readonly steps = {
    stepIn: () => void this.stepIn(),
    notNow: () => this.turnTo(notNowPage(this.texts, this.visit, this.steps)),
    leave: () => this.leave(),
  };

  constructor(private readonly whole: Visit) {
    put(this.firstPageIn(languageFor(whole, navigator.languages)), null);
  }

  private firstPageIn(language: string): HTMLElement {
    this.visit = visitIn(this.whole, language);
    this.texts = textsFor(language);
    document.title = this.visit.title;
    document.documentElement.lang = this.texts.language;
    return firstPage(this.texts, this.visit, this.steps,
      languagesOf(this.whole), (chosen) => this.turnTo(this.firstPageIn(chosen)));
  }

  private turnTo(page: HTMLElement): void {
    put(page, page.querySelector("h1"));
  }

  private async stepIn(): Promise<void> {
    const now = inside(this.texts, this.visit, this.steps.leave,
      () => this.giveUp(now, this.texts.context_lost, null));
    this.current = now;
    put(now.element, now.room);
    try {
      const view = await now.enter();
      if (this.current === now) hook.stands(now, view);
    } catch (error) {
      const message = error instanceof RoomFileError
        ? error.kind === "missing" ? this.texts.room_missing : this.texts.room_wrong
        : this.texts.no_webgl;
      this.giveUp(now, message, error);
    }
  }

  // The room is no more, but its words are.
  private giveUp(now: Inside, message: string, error: unknown): void {
    if (this.current !== now) return; // somebody left meanwhile
    if (error) console.warn(error instanceof Error ? error.message : error);
    hook.failed(new Error(message));
    this.close();
    this.turnTo(wordsPage(this.texts, this.visit, message, this.steps));
  }

  private leave(): void {
    this.close();
    this.turnTo(lastPage(this.texts, this.visit, this.steps));
  }

  private close(): void {
    const now = this.current;
    this.current = null;
    hook.left();
    now?.leave();
  }
}

async function begin(): Promise<void> {
  const texts = textsFor(navigator.language);
  document.documentElement.lang = texts.language;
  try {
    const answer = await fetch("visit.json");
    if (!answer.ok) throw new Error(`visit.json: ${answer.status}`);
    const visit = parseVisit(await answer.json().catch(() => {
      throw new VisitError("visit.json is not JSON");
    }));
    new Flow(visit);
  } catch (error) {
    hook.failed(error);
    const known = error instanceof VisitError;
    put(sorryPage(texts, known ? texts.visit_wrong : texts.visit_missing,
      known ? error.message : null), null);
  }
}

void begin();
