/** The values that are serialized without a break, which takes less than a millisecond. */
const valuesAtOnce = 500;

/** A list in a body whose items after `first` are read while it is sent. */
export class StreamedList {
  readonly first: readonly unknown[];
  readonly rest: AsyncIterable<readonly unknown[]>;
  #length: number;

  constructor(first: readonly unknown[], rest: AsyncIterable<readonly unknown[]>) {
    [this.first, this.rest, this.#length] = [first, rest, first.length];
  }

  /** The items in order; can be read once. */
  async *parts(): AsyncGenerator<readonly unknown[]> {
    yield this.first;
    for await (const items of this.rest) {
      this.#length += items.length;
      yield items;
    }
  }

  /** For the request log: the first items, in a list as long as what was sent. */
  sent(): readonly unknown[] {
    const list = [...this.first];
    list.length = this.#length;
    return list;
  }
}

/** A body as far as it was sent, for the request log. */
export function sentPart(body: object): object {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [name, sentValue(value)]));
}

export function withoutStreams(body: object): object {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => !(value instanceof StreamedList)));
}

function sentValue(value: unknown): unknown {
  if (value instanceof StreamedList) return value.sent();
  if (!Array.isArray(value)) return value;
  return value.map((item: unknown) => (typeof item === "object" && item !== null ? sentPart(item) : item));
}

/** Whether a body has so many values that serializing it at once blocks noticeably, or is not complete yet. */
export function isLarge(body: object): boolean {
  return sizeOf(body) > valuesAtOnce * 4;
}

/** The JSON of a body, equal to that of `JSON.stringify`, in pieces. */
export async function* jsonPieces(value: unknown): AsyncGenerator<string> {
  if (value instanceof StreamedList) {
    yield* listPieces(value.parts());
  } else if (Array.isArray(value)) {
    yield* listPieces([value]);
  } else if (typeof value === "object" && value !== null && sizeOf(value) > valuesAtOnce) {
    const members = Object.entries(value).filter(([, member]) => member !== undefined);
    for (const [index, [name, member]] of members.entries()) {
      yield `${index === 0 ? "{" : ","}${JSON.stringify(name)}:`;
      yield* jsonPieces(member);
    }
    yield "}";
  } else {
    yield JSON.stringify(value);
  }
}

async function* listPieces(
  parts: AsyncIterable<readonly unknown[]> | Iterable<readonly unknown[]>,
): AsyncGenerator<string> {
  let separator = "[";
  for await (const items of parts) {
    for (const batch of batchesOf(items)) {
      yield separator;
      if (batch.length === 1 && sizeOf(batch[0]) > valuesAtOnce) yield* jsonPieces(batch[0]);
      else yield JSON.stringify(batch).slice(1, -1);
      separator = ",";
    }
  }
  yield separator === "[" ? "[]" : "]";
}

/** The items in batches of at most `valuesAtOnce` values; a larger item is one of its own. */
function* batchesOf(items: readonly unknown[]): Generator<readonly unknown[]> {
  let [batch, size]: [unknown[], number] = [[], 0];
  for (const item of items) {
    const itemSize = sizeOf(item) + 1;
    if (batch.length > 0 && size + itemSize > valuesAtOnce) {
      yield batch;
      [batch, size] = [[], 0];
    }
    batch.push(item);
    size += itemSize;
  }
  if (batch.length > 0) yield batch;
}

/** The number of values in the lists of a value; lists within lists count, but not what is within those. */
function sizeOf(value: unknown, depth = 1): number {
  if (typeof value !== "object" || value === null) return 0;
  if (value instanceof StreamedList) return Infinity;
  if (!Array.isArray(value)) return sumOf(Object.values(value), depth);
  return value.length + (depth === 0 ? 0 : sumOf(value, depth - 1));
}

function sumOf(values: readonly unknown[], depth: number): number {
  return values.reduce<number>((sum, value) => sum + sizeOf(value, depth), 0);
}
