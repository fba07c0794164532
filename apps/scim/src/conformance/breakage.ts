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

export type Exchange = {
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

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The answer with another body; one that is no JSON object is left as it is. */
export function withBody(answered: Answered, change: (body: JsonObject) => unknown): Answered {
  const body: unknown = answered.text === "" ? undefined : JSON.parse(answered.text);
  return isObject(body) ? { ...answered, text: JSON.stringify(change(body)) } : answered;
}

/** The answer with every resource changed: those of a list, or the one that it is. Errors are left as they are. */
export function withResources(answered: Answered, change: (resource: JsonObject) => JsonObject): Answered {
  if (answered.status >= 300) return answered;
  return withBody(answered, (body) => {
    const resources = body["Resources"];
    if (!Array.isArray(resources)) return change(body);
    return { ...body, Resources: resources.map((resource) => (isObject(resource) ? change(resource) : resource)) };
  });
}

/** The answer with another list of resources; what is no list is left as it is. */
export function withList(
  answered: Answered,
  change: (resources: readonly JsonObject[]) => readonly unknown[],
): Answered {
  return withBody(answered, (body) => {
    const resources = body["Resources"];
    return Array.isArray(resources) ? { ...body, Resources: change(resources.filter(isObject)) } : body;
  });
}

/** The object without some of its members. */
export function without(object: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));
}

/** The request with another query. */
export function withQuery(asked: Asked, change: (query: URLSearchParams) => void): Asked {
  const query = new URLSearchParams(asked.query);
  change(query);
  return { ...asked, query };
}
