// Lines of captions as they are written on the page, before they are a file.

export interface Line {
  from: number; // seconds
  to: number;
  text: string;
}

export const newLine_s = 3;

// What a file of captions can hold, in its order: no line that says nothing, none that ends before it
// begins, and none with an empty line in its words, which would end it.
export function readable(lines: readonly Line[]): Line[] {
  return lines
    .map(({ from, to, text }) => ({
      from, to: to > from ? to : from + newLine_s, text: text.replace(/\s*\n\s*/g, "\n").trim(),
    }))
    .filter(({ text }) => text !== "")
    .sort((a, b) => a.from - b.from);
}
