// WebVTT, as far as its words go: when they are said, by whom, and what.

export interface Cue {
  readonly start_s: number;
  readonly end_s: number;
  readonly speaker: string | null;
  readonly text: string;
}

const timing = /^\s*((?:\d+:)?\d{2}:\d{2}\.\d{3})\s+-->\s+((?:\d+:)?\d{2}:\d{2}\.\d{3})/;
const entities: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  nbsp: "\u00a0",
  lrm: "\u200e",
  rlm: "\u200f",
};

function seconds(stamp: string): number {
  return stamp.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

function plainText(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, "")
    .replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole)
    .replace(/\s+/g, " ")
    .trim();
}

// Cues in the order of the file; blocks that are not well-formed are left out, as players do.
// Nothing when the file is not WebVTT.
export function parseCaptions(file: string): Cue[] | null {
  const text = file.replace(/^\ufeff/, "").replace(/\r\n?/g, "\n");
  if (!/^WEBVTT(?:[ \t\n]|$)/.test(text)) return null;
  const cues: Cue[] = [];
  for (const block of text.split(/\n{2,}/)) {
    const lines = block.split("\n");
    const at = lines.findIndex((line) => line.includes("-->"));
    const times = at < 0 ? null : timing.exec(lines[at]!);
    if (times === null || /^NOTE(?:\s|$)/.test(lines[0]!)) continue;
    const markup = lines.slice(at + 1).join("\n");
    const said = plainText(markup);
    if (said === "") continue;
    const voice = /<v(?:\.[^\s>]*)?\s+([^>]+)>/.exec(markup);
    cues.push({
      start_s: seconds(times[1]!),
      end_s: seconds(times[2]!),
      speaker: voice === null ? null : plainText(voice[1]!),
      text: said,
    });
  }
  return cues;
}

// The cue being said at a time.
export function cueAt(cues: readonly Cue[], time_s: number): number {
  return cues.findIndex((cue) => time_s >= cue.start_s && time_s < cue.end_s);
}

const folded = (text: string) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

// The cues that hold `wanted`, in whatever case and with or without accents; all of them for nothing.
export function cuesWith(cues: readonly Cue[], wanted: string): number[] {
  const looked = folded(wanted.trim());
  return [...cues.keys()].filter((i) => folded(cues[i]!.text).includes(looked));
}

// What caption files say, each fetched once and when first asked; null where it cannot be had.
export class CaptionFiles {
  private readonly fetched = new Map<string, Promise<Cue[] | null>>();

  cues(url: string): Promise<Cue[] | null> {
    const known = this.fetched.get(url);
    if (known !== undefined) return known;
    const coming = fetchCues(url);
    this.fetched.set(url, coming);
    void coming.then((cues) => {
      if (cues === null) this.fetched.delete(url); // it may be there another time
    });
    return coming;
  }
}

async function fetchCues(url: string): Promise<Cue[] | null> {
  try {
    const answer = await fetch(url);
    return answer.ok ? parseCaptions(await answer.text()) : null;
  } catch {
    return null;
  }
}
