// Small numbers in words: nothing here is a score.
export const count = (words: readonly string[], number: number) => words[number] ?? String(number);
export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
