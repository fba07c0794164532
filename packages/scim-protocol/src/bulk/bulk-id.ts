import { findAttribute, type ResourceTypeDefinition } from "../schema/attribute-characteristics.ts";
import { filterLengthMax, parseJsonString } from "../filter/filter-grammar.ts";
import { tokenize } from "../filter/filter-lexer.ts";
import { isJsonObject, ownMember } from "../json-object.ts";

/** The id of the resource created by the operation with this bulkId; undefined leaves the reference as it is. */
export type IdOfBulkId = (bulkId: string) => string | undefined;

const prefix = "bulkId:";

/** The depth of a member within the value of a PATCH operation; deeper values are not read by the service. */
const depthMax = 10;

/** The bulkId in a reference (RFC 7644 section 3.7.2), as in `bulkId:qwerty`; undefined for any other text. */
export function referredBulkId(text: string): string | undefined {
  return text.slice(0, prefix.length).toLowerCase() === prefix.toLowerCase() ? text.slice(prefix.length) : undefined;
}

/**
 * The bulkIds that an operation's `data` refers to. Attributes that a single request would ignore, such as a manager or
 * a readOnly attribute, refer to nothing.
 */
export function bulkIdsIn(data: unknown, method: string, resourceType: ResourceTypeDefinition): ReadonlySet<string> {
  const bulkIds = new Set<string>();
  replaceBulkIds(method === "PATCH" ? data : writablePart(data, resourceType), (bulkId) => {
    bulkIds.add(bulkId);
    return undefined;
  });
  return bulkIds;
}

/**
 * Returns a copy of JSON with each reference replaced by its id: a text that is only a reference, anywhere, and within
 * the `path` of a PATCH operation also a text of its filter, as in `members[value eq "bulkId:qwerty"]`.
 */
export function replaceBulkIds(data: unknown, idOf: IdOfBulkId): unknown {
  return replaceWithin(data, "", depthMax, idOf);
}

function replaceWithin(value: unknown, name: string, depth: number, idOf: IdOfBulkId): unknown {
  if (typeof value === "string") return replaceText(value, name, idOf);
  if (depth === 0) return value;
  if (Array.isArray(value)) return value.map((item) => replaceWithin(item, name, depth - 1, idOf));
  if (!isJsonObject(value)) return value;
  const members = Object.keys(value).map((key) => [key, replaceWithin(ownMember(value, key), key, depth - 1, idOf)]);
  return Object.fromEntries(members);
}

function replaceText(text: string, name: string, idOf: IdOfBulkId): string {
  const bulkId = referredBulkId(text);
  if (bulkId !== undefined) return idOf(bulkId) ?? text;
  return name.toLowerCase() === "path" ? replaceInFilter(text, idOf) : text;
}

function replaceInFilter(text: string, idOf: IdOfBulkId): string {
  // Longer ones are refused when the filter is read.
  const tokens = text.length > filterLengthMax ? undefined : tokenize(text);
  if (tokens?.ok !== true) return text;
  const pieces: string[] = [];
  let end = 0;
  for (const token of tokens.value) {
    const content = token.kind === "string" ? parseJsonString(token.text) : undefined;
    const bulkId = content === undefined ? undefined : referredBulkId(content);
    const id = bulkId === undefined ? undefined : idOf(bulkId);
    if (id === undefined) continue;
    pieces.push(text.slice(end, token.start), JSON.stringify(id));
    end = token.end;
  }
  return pieces.join("") + text.slice(end);
}

function writablePart(data: unknown, resourceType: ResourceTypeDefinition): unknown {
  if (!isJsonObject(data)) return data;
  const keys = Object.keys(data).filter((key) => {
    const definition = findAttribute(resourceType.attributes, key);
    return definition !== undefined && definition.mutability !== "readOnly";
  });
  return Object.fromEntries(keys.map((key) => [key, ownMember(data, key)]));
}
