import { problemOfText } from "./schema/text-comparison.ts";

/** The deepest nesting of objects and arrays. The deepest body of SCIM, a PATCH within a Bulk, has nine levels. */
export const jsonDepthMax = 32;
/** The most members of one object. A directory can map some hundreds of attributes; long lists are arrays. */
export const jsonMembersMax = 2000;
/** The most commas in one array: above the 40,000 members with all their parts that fit into a body of 4 MiB. */
export const jsonCommasMax = 50_000;
/** The most commas, objects and arrays in a text: enough for 40,000 members with all their parts. */
const jsonValuesMax = 210_000;
/** The most distinct names in a text. `JSON.parse` takes ten times as long for new names. */
export const jsonNamesMax = 20_000;

/** An object or array that is not closed yet; `names` are the lower-cased names of an object, undefined in an array. */
type Open = { readonly name: string; readonly names: Names | undefined; commas: number };
type Names = { readonly few: string[]; many: Set<string> | undefined };

/**
 * Finds problems in a JSON text that `JSON.parse` would hide or that no SCIM message has: a repeated name in one
 * object, in any letter case (RFC 7643 section 2.1, RFC 7493 section 2.3), names that reach an object's prototype,
 * names that are not valid text, and excessive depth or width. Undefined for a text without any of these, which may
 * still be invalid JSON. One pass without recursion: its time is linear in the length.
 */
export function problemOfJson(text: string): string | undefined {
  const open: Open[] = [];
  // Each name takes at least four characters, and the usual body is short.
  const knownNames = text.length > jsonNamesMax * 4 ? new Set<string>() : undefined;
  let values = 0;
  let name = "";
  let isNameNext = false;
  for (let index = 0; index < text.length; index += 1) {
    switch (text.charCodeAt(index)) {
      case quoteMark: {
        const end = endOfString(text, index);
        if (end === -1) return undefined;
        if (isNameNext) {
          isNameNext = false;
          const read = unescaped(text.slice(index + 1, end));
          if (read === undefined) return undefined;
          const problem = problemOfName(read, open.at(-1));
          if (problem !== undefined) return problem;
          if (knownNames !== undefined && knownNames.add(read).size > jsonNamesMax)
            return `has more than ${jsonNamesMax} different names`;
          name = read;
        }
        index = end;
        break;
      }
      case openBrace:
      case openBracket:
        isNameNext = text.charCodeAt(index) === openBrace;
        open.push(opened(heldBy(open.at(-1), name), isNameNext));
        if (open.length > jsonDepthMax) return `has more than ${jsonDepthMax} objects and arrays inside each other`;
        if (++values > jsonValuesMax) return tooManyValues;
        break;
      case closeBrace:
      case closeBracket:
        open.pop();
        isNameNext = false;
        break;
      case comma: {
        const holder = open.at(-1);
        isNameNext = holder?.names !== undefined;
        if (holder !== undefined && ++holder.commas > jsonCommasMax)
          return `has a list of more than ${jsonCommasMax} values`;
        if (++values > jsonValuesMax) return tooManyValues;
        break;
      }
    }
  }
  return undefined;
}

const tooManyValues = `has more than ${jsonValuesMax} values`;
const [quoteMark, comma] = [0x22, 0x2c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const [backslash, namesCountedOneByOne] = [0x5c, 8];

function opened(name: string, isObject: boolean): Open {
  return { name, names: isObject ? { few: [], many: undefined } : undefined, commas: 0 };
}

/** The name of a value: the last one read in its object; an array passes on its own. */
function heldBy(holder: Open | undefined, latestName: string): string {
  return holder !== undefined && holder.names === undefined ? holder.name : latestName;
}

/** The index of the closing quote, or -1. Each run of backslashes is read once, so this is linear. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1) {
    let first = end;
    while (text.charCodeAt(first - 1) === backslash) first -= 1;
    if ((end - first) % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return -1;
}

/** The unescaped name; undefined if its escapes are not valid JSON. */
function unescaped(raw: string): string | undefined {
  if (!raw.includes("\\")) return raw;
  try {
    return String(JSON.parse(`"${raw}"`));
  } catch {
    return undefined;
  }
}

function problemOfName(name: string, object: Open | undefined): string | undefined {
  if (name === "__proto__" || (name === "prototype" && object?.name === "constructor"))
    return `has a member ${name}, which is no attribute`;
  if (problemOfText(name) !== undefined) return "has a name with a character that is no text";
  if (object?.names === undefined) return undefined;
  const size = object.names.many?.size ?? object.names.few.length;
  if (size === jsonMembersMax) return `has an object of more than ${jsonMembersMax} members`;
  return isNew(object.names, name.toLowerCase())
    ? undefined
    : `names ${JSON.stringify(name.slice(0, 100))} twice in one object (the letter case does not count)`;
}

/** Adds a name. Most objects are small, and a short list is faster than a set. */
function isNew(names: Names, name: string): boolean {
  if (names.many !== undefined) {
    if (names.many.has(name)) return false;
    names.many.add(name);
    return true;
  }
  if (names.few.includes(name)) return false;
  names.few.push(name);
  if (names.few.length > namesCountedOneByOne) names.many = new Set(names.few);
  return true;
}
