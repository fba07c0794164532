import { isJsonObject } from "@rollcall/scim-protocol";
import { type ObjectShape, referenceShape, resourceShape, type Shape } from "./body-shape.ts";
import { maskSecrets, redactFilter, redactSentence } from "./secret-mask.ts";

/** The most characters of a body that are kept. */
export const keptBodyLengthMax = 8192;

/** In characters before escaping and without the ends of lists. */
const budget = 7000;
/** For a body that escaping made too long: a character can become six. */
const smallBudget = 800;
const textLengthMax = 256;
const readLengthMax = 600;
const nameLengthMax = 120;
const itemsMax = 10;
const membersMax = 40;
const depthMax = 8;
/** Made once, because `toLocaleString` makes one for each number. */
const figures = new Intl.NumberFormat("en");

type Walk = { left: number };

/**
 * A body as JSON text for the request log: values of attributes that Rollcall keeps as they were sent, of all others
 * the type only, nothing that looks like a credential, and at most 8,192 characters: long lists and texts are cut, with
 * a note.
 */
export function redactBody(body: unknown, shape: ObjectShape): string {
  const within = (left: number): string =>
    JSON.stringify(redacted(body, shape, { left }, { depth: 0, address: undefined }));
  const text = within(budget);
  return text.length <= keptBodyLengthMax ? text : within(smallBudget);
}

/** `address`: the userName of the enclosing resource. */
type Place = { readonly depth: number; readonly address: string | undefined };

function redacted(value: unknown, shape: Shape, walk: Walk, place: Place): unknown {
  if (Array.isArray(value)) return redactedList(value, shape, walk, place);
  if (isJsonObject(value)) return redactedObject(value, shape, walk, place);
  const out = value === null || value === undefined ? null : redactedLeaf(value, shape, place);
  walk.left -= typeof out === "string" ? out.length + 3 : 6;
  return out;
}

function redactedList(list: readonly unknown[], shape: Shape, walk: Walk, place: Place): readonly unknown[] {
  if (place.depth >= depthMax) return [deeper];
  const out: unknown[] = [];
  for (const item of list) {
    if (out.length >= itemsMax || walk.left <= 0) break;
    // A bare id in place of an object with a value, as some providers list members.
    const itemShape = shape === referenceShape && typeof item === "string" ? "shown" : shape;
    out.push(redacted(item, itemShape, walk, { ...place, depth: place.depth + 1 }));
  }
  const rest = list.length - out.length;
  return rest > 0 ? [...out, `… and ${figures.format(rest)} more`] : out;
}

function redactedObject(
  object: Readonly<Record<string, unknown>>,
  shape: Shape,
  walk: Walk,
  place: Place,
): Readonly<Record<string, unknown>> | string {
  if (place.depth >= depthMax) return deeper;
  const address = (hasName(shape, "username") ? textOf(object, "username") : undefined) ?? place.address;
  const path = hasName(shape, "op") ? textOf(object, "path") : undefined;
  const inner = { depth: place.depth + 1, address };
  const names = Object.keys(object);
  const out: [string, unknown][] = [];
  for (const name of names) {
    if (out.length >= membersMax || walk.left <= 0) break;
    const key = keptName(name);
    walk.left -= key.length + 4;
    out.push([key, redacted(object[name], memberShape(shape, name, path), walk, inner)]);
  }
  const rest = names.length - out.length;
  if (rest > 0) out.push(["…", `${figures.format(rest)} more`]);
  return Object.fromEntries(out);
}

const deeper = "(deeper than is shown)";

/** Names are kept, unless other text is in their place. */
function keptName(name: string): string {
  return name.length > nameLengthMax ? `(name, ${figures.format(name.length)} characters)` : maskSecrets(name);
}

/** `path` is the one next to a PATCH operation's value, which determines the attribute. */
function memberShape(shape: Shape, name: string, path: string | undefined): Shape {
  if (typeof shape !== "object") return shape === "patched" ? shapeAt(resourceShape, name) : "hidden";
  const found = shapeAt(shape, name);
  if (found !== "patched") return found;
  return path === undefined ? resourceShape : shapeAt(resourceShape, path);
}

const pathForm =
  /^(?:urn:ietf:params:scim:schemas:core:2\.0:(?:user|group):)?([a-z$][\w$-]*)(?:\[[^\]]*\])?(?:\.([a-z$][\w$-]*))?$/;

/** The shape of the target of a name or a path such as `members[value eq "…"].display`. */
function shapeAt(shape: ObjectShape, path: string): Shape {
  if (path.length > readLengthMax) return "hidden";
  const lower = path.toLowerCase();
  if (Object.hasOwn(shape, lower)) return shape[lower] ?? "hidden";
  if (!/[.[:]/.test(lower)) return "hidden";
  const [, name = "", sub] = pathForm.exec(lower) ?? [];
  const found = Object.hasOwn(shape, name) ? (shape[name] ?? "hidden") : "hidden";
  if (sub === undefined || typeof found !== "object") return sub === undefined ? found : "hidden";
  return Object.hasOwn(found, sub) ? (found[sub] ?? "hidden") : "hidden";
}

function redactedLeaf(value: unknown, shape: Shape, { address }: Place): unknown {
  if (typeof value !== "string") return shape === "shown" ? value : `(${typeof value})`;
  switch (shape) {
    case "shown":
      return cut(value, maskSecrets);
    case "sentence":
      return cut(value, redactSentence);
    case "filter":
      return cut(value, redactFilter);
    case "path":
      return value.length > readLengthMax || shapeOfPath(value) === undefined
        ? hiddenText(value)
        : cut(value, redactFilter);
    case "sameAddress":
      return value.toLowerCase() === address?.toLowerCase() ? cut(value, maskSecrets) : hiddenText(value);
    default:
      return hiddenText(value);
  }
}

/** Is it a path of any schema? Other text may be in its place. */
function shapeOfPath(path: string): string | undefined {
  return /^(?:urn:[\w.:-]+:)?[a-z$][\w$-]*(?:\[.*\])?(?:\.[a-z$][\w$-]*)?$/i.exec(path)?.[0];
}

/**
 * Cut twice: first because some patterns take long for long texts, then without a word that was cut in two, which may
 * be a secret.
 */
function cut(text: string, redact: (text: string) => string): string {
  const isLong = text.length > readLengthMax;
  const kept = redact(isLong ? text.slice(0, readLengthMax).replace(/\S*$/, "") : text);
  if (!isLong && kept.length <= textLengthMax) return kept;
  return `${kept.slice(0, textLengthMax)}… (${figures.format(text.length)} characters)`;
}

function hiddenText(text: string): string {
  return `(text, ${figures.format(text.length)} characters)`;
}

function hasName(shape: Shape, name: string): boolean {
  return typeof shape === "object" && Object.hasOwn(shape, name);
}

function textOf(object: Readonly<Record<string, unknown>>, lowerCaseName: string): string | undefined {
  for (const name of Object.keys(object).slice(0, membersMax)) {
    const value = object[name];
    if (typeof value === "string" && name.toLowerCase() === lowerCaseName) return value;
  }
  return undefined;
}
