import type { JsonObject } from "../json.ts";
import {
  requestOf,
  changingBody,
  changingList,
  changingResources,
  emptied,
  error,
  setStatus,
  status,
  when,
  without,
  type Faults,
} from "./fault.ts";
import { querying, readAs, withoutParameter } from "./fault-kinds.ts";

const list = requestOf("GET", /^\/(?:Users|Groups)$/);

export const listFaults = {
  // The form of lists, and pages by index.
  "a list without its schema": changingBody(list, (body) => without(body, "schemas")),
  "a list whose numbers are texts": changingBody(list, (body) => ({
    ...body,
    totalResults: String(body["totalResults"]),
  })),
  "a list without inactive people": changingList(list, (all) => all.filter(({ active }) => active !== false)),
  "itemsPerPage as it was asked for": changingBody(list, (body, { query }) => ({
    ...body,
    itemsPerPage: Number(query.get("count") ?? 100),
  })),
  "a list that shows less than the resource": changingResources(list, (resource) => without(resource, "emails")),
  "a list of groups without members": changingResources(list, (resource) => without(resource, "members")),
  "a 404 for an empty list": when(
    ({ response }) => response.text.includes('"totalResults":0'),
    () => error(404),
  ),
  "pages that begin at 0": changingBody(list, (body) => ({ ...body, startIndex: Number(body["startIndex"]) - 1 })),
  "a count that is ignored": withoutParameter("count"),
  "a total that counts the page": changingBody(list, (body) => ({ ...body, totalResults: body["itemsPerPage"] })),
  "a startIndex that is ignored": withoutParameter("startIndex"),
  "pages that overlap by one": querying((query) => {
    const startIndex = Number(query.get("startIndex") ?? 1);
    if (startIndex > 1) query.set("startIndex", String(startIndex - 1));
  }),
  "a count of 0 that means all": querying((query) => {
    if (query.get("count") === "0") query.delete("count");
  }),
  "negative numbers that are refused": when(
    ({ request }) => /count=-|startIndex=-/.test(request.query.toString()),
    () => error(400, "invalidValue"),
  ),
  "a count whose sign is lost": readAs("count", /-/, ""),
  "a startIndex that is returned as it was sent": changingBody(list, (body, { query }) => ({
    ...body,
    startIndex: Number(query.get("startIndex") ?? 1),
  })),
  "a 404 beyond the end": when(({ request }) => request.query.get("startIndex") === "6", setStatus(404)),
  "an order that is another with every page": changingList(list, shuffled),
  "a large count that is refused": when(
    ({ request }) => request.query.get("count") === "1000000",
    () => error(400, "tooMany"),
  ),
  "pages by cursor without a nextCursor": changingBody(list, (body) => without(body, "nextCursor")),
  "a cursor that has to be escaped": changingBody(list, (body) => ({
    ...body,
    nextCursor: `${String(body["nextCursor"])}+/=`,
  })),
  "a page by cursor that loses its last one": changingList(list, (all) => all.slice(0, -1)),
  "a count that is ignored where there is a cursor": withoutParameter("count"),
  "a last page with a nextCursor": changingBody(list, (body) => ({ nextCursor: "for-ever", ...body })),
  "a first page that is returned again and again": readAs("cursor", /.*/, ""),
  "a count of 0 that is no count where there is a cursor": when(
    ({ request }) => Number(request.query.get("count")) <= 0,
    () => error(400, "invalidCount"),
  ),
  "a cursor that can be used once": when(({ request }) => {
    const cursor = request.query.get("cursor") ?? "";
    const isWornOut = cursor !== "" && usedCursors.has(cursor);
    usedCursors.add(cursor);
    return isWornOut;
  }, emptied),
  "an unknown cursor that finds nobody": when(status(400), (exchange) => ({ ...emptied(exchange), status: 200 })),
  "an unknown cursor that is invalidValue": when(status(400), () => error(400, "invalidValue")),
  "a nextCursor without a cursor in the query": changingBody(
    ({ request }) => !request.query.has("cursor"),
    (body) => ("Resources" in body ? { ...body, nextCursor: "abc" } : body),
  ),
  "an order that is reversed": changingList(list, (all) => all.toReversed()),
  "a sortOrder that is ignored": withoutParameter("sortOrder"),
  "a sortBy that is ignored": withoutParameter("sortBy"),
  "descending as the default": querying((query) => {
    if (query.has("sortBy") && !query.has("sortOrder")) query.set("sortOrder", "descending");
  }),
  "capital letters before all small ones": changingList(list, byCodePoint),
  "people without a value before all others": changingList(list, namelessFirst),
  "people without a value after all others": changingList(list, (all) => namelessFirst(all.toReversed()).toReversed()),
  "a sortBy in its own spelling only": querying((query) => {
    if (/NAME|urn/.test(query.get("sortBy") ?? "")) query.delete("sortBy");
  }),
  "pages that are cut before they are sorted": {
    ...querying((query) => {
      if (query.has("startIndex")) query.delete("sortBy");
    }),
    ...changingList(list, byCodePoint),
  },
} satisfies Faults;

let turns = 0;

/** Rotated by one more place with every response. */
function shuffled<T>(all: readonly T[]): readonly T[] {
  turns += 1;
  const place = all.length === 0 ? 0 : turns % all.length;
  return [...all.slice(place), ...all.slice(0, place)];
}

const usedCursors = new Set<string>();

/** Those without a displayName in front of the others. */
function namelessFirst(all: readonly JsonObject[]): readonly JsonObject[] {
  return all.toSorted((left, right) => Number("displayName" in left) - Number("displayName" in right));
}

/** By family name, capital letters before all small ones. */
function byCodePoint(all: readonly JsonObject[]): readonly JsonObject[] {
  return all.toSorted((left, right) => (JSON.stringify(left["name"]) < JSON.stringify(right["name"]) ? -1 : 1));
}
