import type { Asked, Breakage } from "../breakage.ts";
import { refusal, withHeader } from "../broken-answer.ts";
import { status, when } from "../exchange-match.ts";

function sends(type: RegExp): ({ asked }: { readonly asked: Asked }) => boolean {
  return ({ asked }) => type.test(asked.headers["content-type"] ?? "");
}

export const mediaTypeBreakages: readonly Breakage[] = [
  {
    checks: ["media-answers-are-scim-json", "media-anything-can-be-asked-for"],
    title: "answers as plain JSON",
    answer: when(status(200), (answered) => withHeader(answered, "content-type", "application/json")),
  },
  {
    checks: ["media-answers-are-scim-json", "media-anything-can-be-asked-for"],
    title: "a charset behind SCIM's media type",
    answer: when(status(200), (answered) =>
      withHeader(answered, "content-type", "application/scim+json; charset=utf-8"),
    ),
  },
  {
    checks: ["media-json-can-be-asked-for"],
    title: "a 406 for who accepts JSON",
    answer: when(
      ({ asked }) => asked.headers["accept"] === "application/json",
      () => refusal(406),
    ),
  },
  {
    checks: ["media-json-can-be-asked-for", "media-anything-can-be-asked-for"],
    title: "JSON that is called a text",
    answer: when(status(200), (answered) => withHeader(answered, "content-type", "text/plain")),
  },
  {
    checks: ["media-scim-json-is-read"],
    title: "a service that does not know SCIM's media type",
    answer: when(sends(/^application\/scim\+json$/), () => refusal(415)),
  },
  {
    checks: ["media-json-is-read"],
    title: "a service that takes nothing but SCIM's media type",
    answer: when(sends(/^application\/json/), () => refusal(415)),
  },
  {
    checks: ["media-parameters-are-read"],
    title: "a service that compares the media type with its parameters",
    answer: when(sends(/;/), () => refusal(415)),
  },
  {
    checks: ["media-scim-json-is-read", "media-json-is-read", "media-parameters-are-read"],
    title: "a body that is accepted and not read",
    request: (asked) =>
      asked.method === "PUT" ? { ...asked, text: asked.text.replace("Known by its type", "") } : asked,
  },
  {
    checks: ["media-other-types-are-415"],
    title: "JSON that is read whatever it is called",
    request: (asked) =>
      sends(/^text\/plain/)({ asked })
        ? { ...asked, headers: { ...asked.headers, "content-type": "application/json" } }
        : asked,
  },
  {
    checks: ["media-other-types-are-415"],
    title: "a 400 for another media type",
    answer: when(status(415), () => refusal(400)),
  },
  {
    checks: ["media-texts-are-utf-8"],
    title: "answers whose UTF-8 is packed twice",
    answer: ({ answered }) => ({ ...answered, text: Buffer.from(answered.text, "utf8").toString("latin1") }),
  },
  {
    checks: ["media-texts-are-utf-8"],
    title: "a body whose letters beyond ASCII are lost",
    request: (asked) => ({ ...asked, text: asked.text.replace(/[^\x20-\x7e]/g, "?") }),
  },
];
