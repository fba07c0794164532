import { parseStringPromise, processors } from "xml2js";

/**
 * Parses XML into plain values: an element is an object of its children by their local name, each a list, with its
 * attributes in `$` and its text in `_`. A document type is refused, so that no entity is ever defined or fetched.
 * Undefined for XML that is not well-formed.
 */
export async function readXml(text: string): Promise<unknown> {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) return undefined;
  try {
    const read: unknown = await parseStringPromise(text, {
      explicitCharkey: true,
      tagNameProcessors: [processors.stripPrefix],
    });
    return read;
  } catch {
    return undefined;
  }
}

/** The children of that name; empty for a value that is no element. */
export function childrenOf(element: unknown, name: string): readonly unknown[] {
  const found = propertyOf(element, name);
  if (found === undefined) return [];
  const list: readonly unknown[] = Array.isArray(found) ? found : [found];
  return list;
}

/** The only child of that name; undefined if there is none, or more than one. */
export function childOf(element: unknown, name: string): unknown {
  const [first, ...rest] = childrenOf(element, name);
  return rest.length === 0 ? first : undefined;
}

export function attributeOf(element: unknown, name: string): string | null {
  return textFrom(propertyOf(propertyOf(element, "$"), name));
}

/** The element's trimmed text; null if there is none. */
export function textOf(element: unknown): string | null {
  return textFrom(propertyOf(element, "_"));
}

function propertyOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const found: unknown = Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
  return found;
}

function textFrom(value: unknown): string | null {
  const text = typeof value === "string" ? value.trim() : "";
  return text === "" ? null : text;
}
