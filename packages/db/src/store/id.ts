import { randomUUIDv7 } from "node:crypto";
import { sql } from "kysely";

const prefixLength = 13;
const countMax = 0xfff;
const uuidShape = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
let last = { prefix: "", count: 0 };

/**
 * A UUIDv7 greater than every earlier one of this process: the 12 bits after the millisecond are a counter (RFC 9562
 * section 6.2, method 1). If the clock steps back, or after 4,096 ids in a millisecond, the next millisecond is used.
 */
export function newId(): string {
  const random = randomUUIDv7();
  const now = random.slice(0, prefixLength);
  if (now > last.prefix) last = { prefix: now, count: 0 };
  else if (last.count < countMax) last = { prefix: last.prefix, count: last.count + 1 };
  else last = { prefix: nextPrefix(last.prefix), count: 0 };
  return `${last.prefix}-7${last.count.toString(16).padStart(3, "0")}${random.slice(18)}`;
}

/** The Nil UUID (RFC 9562 section 5.9): lower than every id, and no id of a row. */
export const nilId = "00000000-0000-0000-0000-000000000000";

/** The lowest id of that moment. Not before 1970. */
export function firstIdAt(time: Date): string {
  const hex = Math.max(0, time.getTime()).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`;
}

/** The time in an id from `newId`. */
export function timeOf(id: string): Date {
  return new Date(Number.parseInt(id.slice(0, prefixLength).replace("-", ""), 16));
}

/** Whether the text can be an id of a row. Ids are compared exactly. */
export function isUuid(text: string): boolean {
  return uuidShape.test(text);
}

/** The next millisecond, in the form `xxxxxxxx-xxxx`. */
function nextPrefix(prefix: string): string {
  const hex = (BigInt(`0x${prefix.replace("-", "")}`) + 1n).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}`;
}

/** An SQL expression for a UUIDv7 of now. Ids from one statement are not ordered. */
export const idOfNow = `(lpad(to_hex(floor(extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0') || '7'
  || substr(replace(gen_random_uuid()::text, '-', ''), 1, 3) || '8'
  || substr(replace(gen_random_uuid()::text, '-', ''), 18, 15))::uuid`;

/** For `=`: any of the ids, which must be UUIDs. */
export const anyId = (ids: readonly string[]) => sql<string>`any(${ids}::uuid[])`;
