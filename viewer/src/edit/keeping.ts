// The document as this page has it, and its way onto the disk: one change after another, none forgotten,
// nothing written over what another window wrote.
import { Refusal, Unreachable, type Client, type Conflict, type State } from "./client";
import type { RoomDocument } from "./room_document";

// saved: it is on the disk. saving: on its way. away: nobody answers; it is tried again. refused: the
// program says why. conflict: the keeper has to choose.
export type Saved =
  | { readonly how: "saved" | "saving" | "away" }
  | { readonly how: "refused"; readonly why: string }
  | { readonly how: "conflict"; readonly conflict: Conflict };

const again_ms = 2000;

export class Keeping {
  onSaved: () => void = () => {}; // how it is saved has changed
  onOther: () => void = () => {}; // the document is another, and not by `change`
  private current: RoomDocument;
  private how: Saved = { how: "saved" };
  private what: string | null = null; // of what is not saved yet
  private sending: Promise<void> | null = null;
  private stepping: Promise<void> | null = null;
  private learnt = 0; // how often `known` has come anew

  constructor(
    private readonly client: Client,
    private known: State,
  ) {
    this.current = known.document;
  }

  private learn(state: State): void {
    this.known = state;
    this.learnt += 1;
  }

  get room(): RoomDocument {
    return this.current;
  }
  get state(): State {
    return this.known;
  }
  get saved(): Saved {
    return this.how;
  }

  // What was changed is for the history, in words.
  change(what: string, change: (room: RoomDocument) => RoomDocument): void {
    const changed = change(this.current);
    if (JSON.stringify(changed) === JSON.stringify(this.current)) return;
    this.current = changed;
    this.what = what;
    if (this.how.how !== "conflict") void this.settle();
  }

  // Resolves when everything is on the disk, or cannot be brought there for now.
  settle(): Promise<void> {
    this.sending ??= this.send().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  private async send(): Promise<void> {
    await this.stepping;
    while (this.what !== null && this.how.how !== "conflict") {
      const [what, document] = [this.what, this.current];
      this.what = null;
      this.become({ how: this.how.how === "away" ? "away" : "saving" });
      try {
        this.learn(await this.client.save(this.known.revision, document, what));
      } catch (error) {
        this.what ??= what;
        if (!this.take(error)) return;
        await new Promise((resolve) => setTimeout(resolve, again_ms));
      }
    }
    if (this.how.how !== "conflict") this.become({ how: "saved" });
  }

  // Whether to try again.
  private take(error: unknown): boolean {
    if (error instanceof Unreachable) {
      this.become({ how: "away" });
      return true;
    }
    if (error instanceof Refusal && error.conflict !== null) {
      this.become({ how: "conflict", conflict: { ...error.conflict, yours: this.current } });
      return false;
    }
    this.become({ how: "refused", why: error instanceof Error ? error.message : String(error) });
    return false;
  }

  private become(how: Saved): void {
    this.how = how;
    this.onSaved();
  }

  // The keeper has chosen between what is here and what another window wrote.
  async choose(whose: "mine" | "theirs"): Promise<void> {
    if (this.how.how !== "conflict") return;
    const { revision, document } = this.how.conflict;
    this.become({ how: "saved" });
    this.learn({ ...this.known, revision, document });
    if (whose === "mine") return this.settle();
    this.what = null;
    this.replace(this.known);
    return this.renew();
  }

  undo(): Promise<boolean> {
    if (this.how.how === "refused") {
      // It never came to be.
      this.what = null;
      this.become({ how: "saved" });
      this.replace(this.known);
      return Promise.resolve(true);
    }
    return this.step((revision) => this.client.undo(revision));
  }
  redo(): Promise<boolean> {
    return this.step((revision) => this.client.redo(revision));
  }
  restore(to: number): Promise<boolean> {
    return this.step((revision) => this.client.restore(revision, to));
  }
  // A change that the program makes, from what is saved here; one after another. Gives whether it was made:
  // not where something waits to be saved, nobody answers, or another window was quicker.
  async step(act: (revision: number) => Promise<State>): Promise<boolean> {
    do {
      await this.settle();
      await this.stepping;
    } while (this.sending !== null || this.stepping !== null);
    if (this.how.how !== "saved") return false;
    const made = this.perform(act);
    this.stepping = made.then(() => {}, () => {}).finally(() => {
      this.stepping = null;
    });
    return made;
  }

  private async perform(act: (revision: number) => Promise<State>): Promise<boolean> {
    try {
      const state = await act(this.known.revision);
      // What was written here meanwhile does not know of it: when it is sent, the keeper is asked.
      if (this.what === null) this.replace(state);
      return true;
    } catch (error) {
      if (error instanceof Unreachable) this.leave();
      else if (error instanceof Refusal && error.status === 409) await this.renew();
      else throw error;
      return false;
    }
  }

  // Looks whether another window has changed something, unless this one is about to.
  async renew(): Promise<void> {
    if (this.what !== null || this.sending !== null) return;
    const before = this.learnt;
    try {
      const state = await this.client.room();
      // An answer that was under way while something was saved here may tell of the time before.
      if (this.what !== null || this.sending !== null) return;
      if (this.learnt !== before) return await this.renew(); // nor is it missed that another window was there
      if (this.how.how !== "saved") this.become({ how: "saved" });
      this.replace(state);
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      this.leave();
    }
  }

  // Nobody answers, and nothing is waiting here to be sent.
  private leave(): void {
    this.become({ how: "away" });
    setTimeout(() => void this.renew(), again_ms);
  }

  private replace(state: State): void {
    const other = JSON.stringify(state.document) !== JSON.stringify(this.current);
    this.learn(state);
    this.current = state.document;
    if (other) this.onOther();
    this.onSaved();
  }
}
