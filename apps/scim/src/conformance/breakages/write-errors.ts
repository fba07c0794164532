import { without, withBody, type Answered, type Breakage } from "../breakage.ts";
import { withHeader } from "../broken-answer.ts";

const checks = [
  ["broken-json", "media-type", "create", "conflict", "unknown-member", "replace", "replace-nobody", "patch"],
  ["patch-nobody", "delete-nobody", "method", "schema-is-fixed"],
]
  .flat()
  .map((id) => `write-error-${id}`);

function refusing(change: (answered: Answered) => Answered): Pick<Breakage, "answer"> {
  return { answer: ({ answered }) => (answered.status < 400 ? answered : change(answered)) };
}

/** A refusal in another form than SCIM's. */
export const writeErrorsBreakages: readonly Breakage[] = [
  {
    checks,
    title: "an error page in HTML",
    ...refusing((answered) => ({ ...withHeader(answered, "content-type", "text/html"), text: "<h1>No</h1>" })),
  },
  {
    checks,
    title: "an error of the type application/json",
    ...refusing((answered) => withHeader(answered, "content-type", "application/json")),
  },
  {
    checks,
    title: "an error whose status is a number",
    ...refusing((answered) => withBody(answered, (body) => ({ ...body, status: answered.status }))),
  },
  {
    checks,
    title: "an error without its schema",
    ...refusing((answered) => withBody(answered, (body) => without(body, "schemas"))),
  },
  {
    checks,
    title: "an error without a word",
    ...refusing((answered) => withBody(answered, (body) => ({ ...body, detail: " " }))),
  },
  { checks, title: "a 500 for what the client did wrong", ...refusing((answered) => ({ ...answered, status: 500 })) },
];
