import { withList, type Answered, type Breakage } from "../breakage.ts";
import { withHeader } from "../broken-answer.ts";
import { answering, anyEndpoint, anyResource, withMeta } from "../broken-write.ts";

const moving = ["etag-moves-with-put", "etag-moves-with-patch", "etag-moves-with-members"];

let count = 0;

/** The answer with another ETag; undefined takes it away. */
function withEtag(answered: Answered, change: (etag: string) => string | undefined): Answered {
  return withHeader(answered, "etag", change(answered.headers["etag"] ?? ""));
}

/** A version that does not tell what it should. */
export const versionsBreakages: readonly Breakage[] = [
  {
    checks: [
      ["etag-of-get", "etag-is-an-entity-tag", "etag-in-lists", "etag-stays", "etag-moves-with-deleted-member"],
      moving,
    ].flat(),
    title: "a GET without an ETag",
    ...answering("GET", anyResource, (answered) => withEtag(answered, () => undefined)),
  },
  {
    checks: ["etag-of-get"],
    title: "an ETag of the whole answer's own",
    ...answering("GET", anyResource, (answered) => withEtag(answered, () => '"bytes-only"')),
  },
  {
    checks: ["etag-of-create"],
    title: "a POST without an ETag",
    ...answering("POST", anyEndpoint, (answered) => withEtag(answered, () => undefined)),
  },
  {
    checks: ["etag-of-put"],
    title: "a PUT without an ETag",
    ...answering("PUT", anyResource, (answered) => withEtag(answered, () => undefined)),
  },
  {
    checks: ["etag-of-create", "etag-of-put"],
    title: "a version that a write answers and nobody reads afterwards",
    ...answering("GET", anyResource, (answered) => withEtag(answered, (etag) => etag.replace(/"$/, '+"'))),
  },
  {
    checks: ["etag-is-an-entity-tag"],
    title: "a version without quotes",
    ...answering("GET", anyResource, (answered) => withEtag(answered, (etag) => etag.replaceAll('"', ""))),
  },
  {
    checks: ["etag-in-lists"],
    title: "a list without versions",
    ...answering("GET", anyEndpoint, (answered) =>
      withList(answered, (list) => list.map((resource) => withMeta(resource, { version: undefined }))),
    ),
  },
  {
    checks: ["etag-stays"],
    title: "another version at every look",
    ...answering("GET", anyResource, (answered) => {
      count += 1;
      return withEtag(answered, () => `W/"${count}"`);
    }),
  },
  {
    checks: [...moving, "etag-moves-with-deleted-member"],
    title: "a version that never changes",
    ...answering("GET", anyResource, (answered) => withEtag(answered, () => 'W/"1"')),
  },
];
