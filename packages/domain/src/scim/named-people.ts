import { isJsonObject } from "@rollcall/scim-protocol";
import { emailKey } from "../member/email-address.ts";
import { maskSecrets } from "./secret-mask.ts";

const namesMax = 50;
const textsMax = 200;
const nameLengthMax = 320;
const operationsMax = 1000;
/** No name has a lone surrogate or a control character, and PostgreSQL's JSON takes neither. */
const unstorable = /[\p{Cc}\p{Cs}]/u;

type Body = { readonly request: unknown; readonly answer: unknown };

/**
 * The names of the people in a refused request: each userName before its addresses, folded by `emailKey`, at most 50.
 * For Bulk, of the refused operations only. Null if there are none. They explain to an owner why a person is not a
 * member (docs/decisions/0046).
 */
export function namedPeople({ request, answer }: Body, isBulk: boolean): readonly string[] | null {
  const bodies = isBulk ? refusedOperations(request, answer) : [request];
  const texts = bodies.flatMap(namesIn).slice(0, textsMax);
  const names = texts.filter((text) => maskSecrets(text) === text).map(emailKey);
  const kept = [...new Set(names)].filter((name) => name !== "" && !unstorable.test(name)).slice(0, namesMax);
  return kept.length === 0 ? null : kept;
}

function refusedOperations(request: unknown, answer: unknown): readonly unknown[] {
  const [operations, answers] = [listIn(request, "operations"), listIn(answer, "operations")];
  const isRefused = (one: unknown): boolean => Number(valueIn(one, "status")) >= 400;
  const ids = answers.filter(isRefused).map((one) => valueIn(one, "bulkid"));
  const refusedIds = new Set<unknown>(ids.filter((id) => id !== undefined));
  // Operations that were left out have no answer; then only a bulkId shows which one an answer belongs to.
  const isOfRefused = (one: unknown, index: number): boolean =>
    answers.length === operations.length ? isRefused(answers[index]) : refusedIds.has(valueIn(one, "bulkid"));
  return operations.filter(isOfRefused).map((one) => valueIn(one, "data"));
}

/** The names in a User, or in what the operations of a PATCH set. */
function namesIn(body: unknown): readonly string[] {
  const patched = listIn(body, "operations").flatMap((operation) => {
    const [path, value] = [valueIn(operation, "path"), valueIn(operation, "value")];
    if (typeof path !== "string") return namesIn(isJsonObject(value) ? withoutOperations(value) : undefined);
    return /(?:^|:)username$/i.test(path) || /^emails\b/i.test(path) ? textsIn(value) : [];
  });
  return [...textsIn(valueIn(body, "username")), ...textsIn(valueIn(body, "emails")), ...patched];
}

/** A value in a PATCH has no operations of its own, so the recursion is one level deep. */
function withoutOperations(value: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name.toLowerCase() !== "operations"));
}

/** A text, or the texts and the `value` of the objects in a list; not deeper, as a hostile body may be deep. */
function textsIn(value: unknown): readonly string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value.slice(0, namesMax) : [value];
  return items.flatMap((item) => {
    const text = isJsonObject(item) ? valueIn(item, "value") : item;
    return typeof text === "string" && text.length <= nameLengthMax ? [text.trim()] : [];
  });
}

function listIn(body: unknown, lowerCaseName: string): readonly unknown[] {
  const found = valueIn(body, lowerCaseName);
  return Array.isArray(found) ? found.slice(0, operationsMax) : [];
}

function valueIn(body: unknown, lowerCaseName: string): unknown {
  if (!isJsonObject(body)) return undefined;
  const name = Object.keys(body).find((one) => one.toLowerCase() === lowerCaseName);
  return name === undefined ? undefined : body[name];
}
