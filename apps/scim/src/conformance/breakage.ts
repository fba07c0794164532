export type Asked = {
  readonly method: string;
  /** Below the base URL, with a slash in front and without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

/** Header names in lower case. */
export type Answered = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
};

type Exchange = {
  readonly asked: Asked;
  readonly answered: Answered;
  /** Asks the honest service something else. */
  readonly ask: (asked: Asked) => Promise<Answered>;
};

/** A way in which a service may be wrong, applied between the checks and the honest service. */
export type Breakage = {
  /** The ids of the checks that must see it. */
  readonly checks: readonly string[];
  /** What is wrong, as a noun: "a list whose numbers are texts". */
  readonly title: string;
  readonly request?: (asked: Asked) => Asked;
  readonly answer?: (exchange: Exchange) => Answered | Promise<Answered>;
};

type ExchangeTest = (exchange: Exchange) => boolean;
type Change = (answered: Answered, asked: Asked) => Answered;

/** A breakage of some answers, the others being passed on. */
export function when(holds: ExchangeTest, change: Change): NonNullable<Breakage["answer"]> {
  return (exchange) => (holds(exchange) ? change(exchange.answered, exchange.asked) : exchange.answered);
}

/** Was it a call with this method for a path like this? */
export function call(method: string, path: RegExp): ExchangeTest {
  return ({ asked }) => asked.method === method && path.test(asked.path);
}

/** Was it answered with this status? */
export function status(...statuses: readonly number[]): ExchangeTest {
  return ({ answered }) => statuses.includes(answered.status);
}

export function withStatus(answered: Answered, changed: number): Answered {
  return { ...answered, status: changed };
}

/** The answer with another header; undefined takes it away. */
export function withHeader(answered: Answered, name: string, value: string | undefined): Answered {
  const others = Object.entries(answered.headers).filter(([other]) => other !== name);
  return { ...answered, headers: Object.fromEntries(value === undefined ? others : [...others, [name, value]]) };
}

/** The request with another query. */
export function withQuery(asked: Asked, change: (query: URLSearchParams) => void): Asked {
  const query = new URLSearchParams(asked.query);
  change(query);
  return { ...asked, query };
}

/** The request without one parameter of its query. */
export function withoutParameter(name: string): (asked: Asked) => Asked {
  return (asked) => withQuery(asked, (query) => query.delete(name));
}

/** A request whose filter is read as if it said something else. */
export function filterReadAs(said: RegExp, read: string): (asked: Asked) => Asked {
  return (asked) =>
    withQuery(asked, (query) => {
      const filter = query.get("filter");
      if (filter !== null) query.set("filter", filter.replace(said, read));
    });
}

/** Does the filter of the call look like this? */
export function filter(pattern: RegExp): ExchangeTest {
  return ({ asked }) => pattern.test(asked.query.get("filter") ?? "");
}
