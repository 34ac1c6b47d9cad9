export interface Property {
  readonly name: string;
  readonly value: string;
}

/** A fact that CycloneDX has no place for. */
export function property(name: string, value: string): Property {
  return { name: `proxaudit:${name}`, value };
}

/** The same, if there is one. */
export function properties(name: string, value: string | number | null | undefined): Property[] {
  return value === undefined || value === null ? [] : [property(name, String(value))];
}
