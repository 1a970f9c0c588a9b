import { expect, test, vi } from "vitest";
import { Refusal, Unreachable, type Client, type State } from "./client";
import { Keeping } from "./keeping";
import type { RoomDocument } from "./room_document";

// The program as far as saving goes: a request is answered when the test says so.
class Program {
  revision = 1;
  texts = ["a"];
  readonly waiting: (() => void)[] = [];

  state(): State {
    return { revision: this.revision, document: { title: this.texts.at(-1) } as unknown as RoomDocument } as State;
  }
  room = () => this.later(this.state()); // as it is when it is asked
  save = (revision: number, document: RoomDocument) => this.commit(revision, document.title as string);
  undo = (revision: number) => this.commit(revision, this.texts.at(-2)!);

  commit(revision: number, text: string): Promise<State> {
    if (revision !== this.revision) {
      const { document } = this.state();
      const conflict = { revision: this.revision, document, base: document, yours: document };
      return this.later(Promise.reject(new Refusal(409, { message: "", where: "", hint: "" }, conflict)));
    }
    this.revision += 1;
    this.texts.push(text);
    return this.later(this.state());
  }

  private later<T>(value: T | Promise<T>): Promise<T> {
    if (value instanceof Promise) value.catch(() => {});
    return new Promise((resolve) => this.waiting.push(() => resolve(value)));
  }
  async answer(which = 0): Promise<void> {
    this.waiting.splice(which, 1)[0]!();
    await settled();
  }
  async answerAll(): Promise<void> {
    while (this.waiting.length > 0) await this.answer();
  }
}

const settled = async () => {
  for (let i = 0; i < 20; ++i) await Promise.resolve();
};

function begin() {
  const program = new Program();
  const keeping = new Keeping(program as unknown as Client, program.state());
  const write = (title: string) => keeping.change("title", (room) => ({ ...room, title }) as unknown as RoomDocument);
  return { program, keeping, write, title: () => keeping.room.title as unknown };
}

test("what was written while something is being saved is saved after it", async () => {
  const { program, keeping, write } = begin();
  write("b");
  await settled();
  write("c");
  write("d");
  await settled();
  expect(keeping.saved.how).toBe("saving");
  await program.answerAll();
  expect(program.texts).toEqual(["a", "b", "d"]);
  expect(keeping.saved.how).toBe("saved");
});

test("an answer from before a save changes nothing after it", async () => {
  const { program, keeping, write, title } = begin();
  const looked = keeping.renew();
  write("b");
  await settled();
  await program.answer(1); // saved
  await program.answer(); // how the room was before
  expect(title()).toBe("b");
  await program.answerAll(); // it looks again
  await looked;
  expect(title()).toBe("b");
  write("c");
  await settled();
  await program.answerAll();
  expect(keeping.saved.how).toBe("saved");
  expect(program.texts).toEqual(["a", "b", "c"]);
});

test("two looks at once see the newest, whichever is answered first", async () => {
  for (const order of [[0, 0], [1, 0]]) {
    const { program, keeping, title } = begin();
    void keeping.renew();
    program.revision = 2;
    program.texts.push("theirs");
    void keeping.renew();
    for (const which of order) await program.answer(which);
    await program.answerAll();
    expect(title()).toBe("theirs");
    expect(keeping.state.revision).toBe(2);
  }
});

test("two undos at once are two undos", async () => {
  const { program, keeping, title } = begin();
  program.texts = ["a", "b", "c"];
  const undone = [keeping.undo(), keeping.undo()];
  await settled();
  expect(program.waiting.length).toBe(1);
  await program.answerAll();
  expect(await Promise.all(undone)).toEqual([true, true]);
  expect(program.revision).toBe(3);
  expect(title()).toBe(program.texts.at(-1));
});

test("an undo waits for what is being saved", async () => {
  const { program, keeping, write, title } = begin();
  write("b");
  const undone = keeping.undo();
  await settled();
  await program.answerAll();
  expect(await undone).toBe(true);
  expect(program.texts).toEqual(["a", "b", "a"]);
  expect(title()).toBe("a");
});

test("what is written while a step is under way is not lost: the keeper is asked", async () => {
  const { program, keeping, write, title } = begin();
  program.texts = ["x", "a"];
  const undone = keeping.undo();
  await settled();
  write("b");
  await settled();
  await program.answerAll();
  await undone;
  expect(title()).toBe("b");
  expect(keeping.saved.how).toBe("conflict");
  const chosen = keeping.choose("mine");
  await settled();
  await program.answerAll();
  await chosen;
  expect(program.texts.at(-1)).toBe("b");
  expect(keeping.saved.how).toBe("saved");
});

test("where another window was quicker, a step is not made, and the room is as that window left it", async () => {
  const { program, keeping, title } = begin();
  program.revision = 5;
  program.texts.push("theirs");
  const undone = keeping.undo();
  await settled();
  await program.answerAll();
  expect(await undone).toBe(false);
  expect(title()).toBe("theirs");
  expect(keeping.state.revision).toBe(5);
});

test("while nobody answers it is tried again", async () => {
  vi.useFakeTimers();
  const { program, keeping, write } = begin();
  const save = program.save;
  program.save = () => Promise.reject(new Unreachable(""));
  write("b");
  await settled();
  expect(keeping.saved.how).toBe("away");
  program.save = save;
  await vi.advanceTimersByTimeAsync(3000);
  await program.answerAll();
  vi.useRealTimers();
  expect(keeping.saved.how).toBe("saved");
  expect(program.texts).toEqual(["a", "b"]);
});

test("what is refused is kept on the page until it is undone", async () => {
  const { program, keeping, write, title } = begin();
  program.save = () => Promise.reject(new Refusal(422, { message: "no", where: "", hint: "" }, null));
  write("b");
  await settled();
  expect(keeping.saved.how).toBe("refused");
  expect(title()).toBe("b");
  expect(await keeping.step(() => program.undo(1))).toBe(false);
  expect(title()).toBe("b");
  await keeping.undo();
  expect(title()).toBe("a");
  expect(keeping.saved.how).toBe("saved");
});
