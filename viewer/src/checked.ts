// Reading JSON that must be as it should: every complaint names its place.
import type { Vec3 } from "./visit";

export class VisitError extends Error {}

// A value together with its place, so that every complaint can say where it is.
export class Place {
  constructor(
    readonly value: unknown,
    readonly path: string,
  ) {}

  fail(wanted: string): never {
    throw new VisitError(`visit.json: ${this.path} must be ${wanted}`);
  }

  at(key: string): Place {
    const value = this.value;
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      this.fail("an object");
    }
    return new Place((value as Record<string, unknown>)[key], `${this.path}.${key}`);
  }

  entries(): [string, Place][] {
    this.at("");
    return Object.entries(this.value as object).map(([key, value]: [string, unknown]) =>
      [key, new Place(value, `${this.path}.${key}`)]);
  }

  // { key: what is read }, or nothing where nothing is given.
  ifGiven<K extends string, T>(key: K, read: (place: Place) => T): { [key in K]?: T } {
    return this.value === undefined ? {} : { [key]: read(this) } as { [key in K]: T };
  }

  items(): Place[] {
    if (!Array.isArray(this.value)) this.fail("a list");
    return this.value.map((item: unknown, i) => new Place(item, `${this.path}[${i}]`));
  }

  text(): string {
    if (typeof this.value !== "string") this.fail("text");
    return this.value;
  }

  filled(): string {
    if (this.text().trim() === "") this.fail("text that is not empty");
    return this.text();
  }

  flag(): boolean {
    if (typeof this.value !== "boolean") this.fail("true or false");
    return this.value;
  }

  number(min: number, max: number): number {
    const value = this.value;
    if (typeof value !== "number" || !(value >= min && value <= max)) {
      this.fail(`a number from ${min} to ${max}`);
    }
    return value;
  }

  orNull<T>(read: (place: Place) => T): T | null {
    return this.value === null ? null : read(this);
  }

  // Null where null or nothing is given.
  nullOrGiven<T>(read: (place: Place) => T): T | null {
    return this.value === undefined ? null : this.orNull(read);
  }

  itemsIfGiven(): Place[] {
    return this.value === undefined ? [] : this.items();
  }

  listIfGiven<T>(read: (place: Place) => T): T[] {
    return this.itemsIfGiven().map((item) => read(item));
  }

  words(): string[] {
    return this.items().map((item) => item.text());
  }

  point(): Vec3 {
    const items = this.items();
    if (items.length !== 3) this.fail("three numbers");
    const [x, y, z] = items.map((item) => item.number(-1e4, 1e4)) as [number, number, number];
    return [x, y, z];
  }

  language(): string {
    const tag = this.text();
    if (!/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/.test(tag)) {
      this.fail("a language tag such as \"en\" or \"es-MX\"");
    }
    return tag;
  }

  // An address elsewhere, for a visitor to open.
  link(): string {
    if (!/^(https?:\/\/|mailto:|tel:)[^\s"<>\\]*$/.test(this.text())) {
      this.fail("an address that begins with https://, http://, mailto: or tel:");
    }
    return this.text();
  }

  // A file of this very site: relative, and not above its folder.
  url(): string {
    const url = this.filled();
    const steps = url.split(/[?#]/, 1)[0]!.split("/");
    if (/^[a-z][a-z0-9+.-]*:/i.test(url) || /[\\\0]/.test(url) || steps[0] === "" ||
        steps.includes("..")) {
      this.fail("the relative address of a file of this site");
    }
    return url;
  }
}
