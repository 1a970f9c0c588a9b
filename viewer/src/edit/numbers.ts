// Small numbers in words: nothing here is a score.
export const count = (words: readonly string[], number: number) => words[number] ?? String(number);
export const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

// A length as a person says it, and by how much it may be off: "1.12 m" and "3 cm".
export function lengthWords(language: string, metres: number, deviation_m: number): { length: string; about: string } {
  const say = (value: number, unit: "meter" | "centimeter", digits: number) => new Intl.NumberFormat(language, {
    style: "unit", unit, minimumFractionDigits: digits, maximumFractionDigits: digits,
  }).format(value);
  const roughly = deviation_m >= 0.095;
  return {
    length: say(metres, "meter", roughly ? 1 : 2),
    about: roughly ? say(deviation_m, "meter", 1) : say(Math.max(1, 100 * deviation_m), "centimeter", 0),
  };
}
