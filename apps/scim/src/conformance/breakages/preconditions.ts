import type { Asked, Breakage } from "../breakage.ts";
import { withHeader } from "../broken-answer.ts";
import { answering, anyResource } from "../broken-write.ts";

const notModified = [
  "if-none-match-is-304",
  "if-none-match-304-has-etag",
  "if-none-match-among-others",
  "if-none-match-star",
];
const stale = ["if-match-stale-put", "if-match-stale-patch", "if-match-stale-members", "if-match-stale-delete"];
const right = ["if-match-put", "if-match-patch", "if-match-delete", "if-match-star", "if-match-among-others"];

/** The request whose header is another one; undefined takes it away. */
function asking(name: string, change: (value: string) => string | undefined): Pick<Breakage, "request"> {
  return {
    request: (asked: Asked) => {
      const value = asked.headers[name];
      const changed = value === undefined ? undefined : change(value);
      const headers = Object.fromEntries(Object.entries(asked.headers).filter(([other]) => other !== name));
      return { ...asked, headers: changed === undefined ? headers : { ...headers, [name]: changed } };
    },
  };
}

/** A condition that is not looked at, or looked at wrongly. */
export const preconditionsBreakages: readonly Breakage[] = [
  {
    checks: notModified,
    title: "a service that does not look at If-None-Match",
    ...asking("if-none-match", () => undefined),
  },
  {
    checks: ["if-none-match-among-others"],
    title: "an If-None-Match of which the first version counts",
    ...asking("if-none-match", (value) => value.replace(/,.*/, "")),
  },
  {
    checks: ["if-none-match-star"],
    title: "a star in If-None-Match that is a version",
    ...asking("if-none-match", () => '"*"'),
  },
  {
    checks: ["if-none-match-304-has-etag"],
    title: "a 304 without an ETag",
    ...answering("GET", anyResource, (answered) =>
      answered.status === 304 ? withHeader(answered, "etag", undefined) : answered,
    ),
  },
  {
    checks: ["if-none-match-changed", "if-none-match-of-nothing"],
    title: "a 304 for every If-None-Match",
    ...answering("GET", anyResource, (answered, asked) =>
      asked.headers["if-none-match"] === undefined ? answered : { ...answered, status: 304, text: "" },
    ),
  },
  {
    checks: stale,
    title: "a service that does not look at If-Match",
    ...asking("if-match", () => undefined),
  },
  {
    checks: stale,
    title: "a 409 for a version that is gone",
    answer: ({ answered }) => (answered.status === 412 ? { ...answered, status: 409 } : answered),
  },
  {
    checks: [...right, "if-match-of-nothing"],
    title: "a 412 for every If-Match",
    answer: ({ asked, answered }) =>
      asked.headers["if-match"] === undefined ? answered : { ...answered, status: 412 },
  },
  {
    checks: ["if-match-star"],
    title: "a star in If-Match that is a version",
    ...asking("if-match", (value) => (value === "*" ? '"*"' : value)),
  },
  {
    checks: ["if-match-among-others"],
    title: "an If-Match of which the first version counts",
    ...asking("if-match", (value) => value.replace(/,.*/, "")),
  },
];
