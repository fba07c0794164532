import { mapInSlices } from "@rollcall/db";

/** The values that are serialized without a break, which takes less than a millisecond. */
const valuesAtOnce = 500;

/** Whether a body has so many values that serializing it blocks noticeably. */
export function isLarge(body: object): boolean {
  return sizeOf(body) > valuesAtOnce * 4;
}

/** The UTF-8 JSON of a body, equal to that of `JSON.stringify`; other requests are served in between. */
export function printInSlices(body: object): Promise<readonly Buffer[]> {
  return mapInSlices(piecesOf(body), (piece) => Buffer.from(piece));
}

function* piecesOf(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    yield* piecesOfList(value);
  } else if (typeof value === "object" && value !== null && sizeOf(value) > valuesAtOnce) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    for (const [index, [name, member]] of members.entries()) {
      yield `${index === 0 ? "{" : ","}${JSON.stringify(name)}:`;
      yield* piecesOf(member);
    }
    yield "}";
  } else {
    yield JSON.stringify(value);
  }
}

function* piecesOfList(items: readonly unknown[]): Generator<string> {
  let [batch, size, separator]: [unknown[], number, string] = [[], 0, ""];
  const flushed = function* (): Generator<string> {
    if (batch.length > 0) yield separator + JSON.stringify(batch).slice(1, -1);
    if (batch.length > 0) separator = ",";
    [batch, size] = [[], 0];
  };
  yield "[";
  for (const item of items) {
    const itemSize = sizeOf(item) + 1;
    if (size + itemSize > valuesAtOnce) yield* flushed();
    if (itemSize > valuesAtOnce) {
      yield separator;
      yield* piecesOf(item);
      separator = ",";
    } else {
      batch.push(item);
      size += itemSize;
    }
  }
  yield* flushed();
  yield "]";
}

/** The number of values in the lists of a value; lists within lists count, but not what is within those. */
function sizeOf(value: unknown, depth = 1): number {
  if (typeof value !== "object" || value === null) return 0;
  if (!Array.isArray(value)) return sumOf(Object.values(value), depth);
  return value.length + (depth === 0 ? 0 : sumOf(value, depth - 1));
}

function sumOf(values: readonly unknown[], depth: number): number {
  return values.reduce<number>((sum, value) => sum + sizeOf(value, depth), 0);
}
