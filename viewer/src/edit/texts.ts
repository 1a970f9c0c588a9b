// What the keeper's page says.
import { en, type EditTexts } from "./texts_en";
import { es } from "./texts_es";

export type { EditTexts };

// The catalogue for a language tag; English where there is none.
export function editTextsFor(language: string): EditTexts {
  return language.toLowerCase().split("-")[0] === "es" ? es : en;
}
