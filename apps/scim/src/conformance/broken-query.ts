import { withQuery, type Asked } from "./breakage.ts";

/** The request without one parameter of its query. */
export function withoutParameter(name: string): (asked: Asked) => Asked {
  return (asked) => withQuery(asked, (query) => query.delete(name));
}

/** A parameter in which something is read as something else. */
export function readAs(parameter: string, said: RegExp, read: string): (asked: Asked) => Asked {
  return (asked) =>
    withQuery(asked, (query) => {
      const value = query.get(parameter);
      if (value !== null) query.set(parameter, value.replace(said, read));
    });
}

/** A filter that is read as if it said something else. */
export function filterReadAs(said: RegExp, read: string): (asked: Asked) => Asked {
  return readAs("filter", said, read);
}
