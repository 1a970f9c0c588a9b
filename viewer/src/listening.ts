// How this visitor listens: the same for every story of a visit, kept nowhere.

export const speeds = [0.75, 1, 1.25, 1.5] as const;

export interface Listening {
  readonly speed: number;
  readonly volume: number; // 0 to 1
  readonly captions: boolean;
  readonly language: string | null; // of the captions; null: what fits the story
  readonly fromItsPlace: boolean; // sound comes from where the thing is
  readonly turn: boolean; // the view turns to what is spoken of
}

const atFirst: Listening = {
  speed: 1, volume: 1, captions: true, language: null, fromItsPlace: true, turn: false,
};

export class ListeningChoices {
  private current = atFirst;
  private readonly heard: ((now: Listening) => void)[] = [];

  get now(): Listening {
    return this.current;
  }

  choose(changes: Partial<Listening>): void {
    this.current = { ...this.current, ...changes };
    for (const tell of this.heard) tell(this.current);
  }

  // At once, and with every change.
  follow(tell: (now: Listening) => void): void {
    this.heard.push(tell);
    tell(this.current);
  }
}
