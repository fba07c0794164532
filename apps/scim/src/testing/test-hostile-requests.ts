import * as fc from "fast-check";
import { authorization, hostileText, type HostileRequest, type Target } from "./test-hostile-bodies.ts";

const names = "userName active name.givenName emails meta.created id members bogus urn:x:y not".split(" ");
const operators = "eq ne co sw ew gt ge lt le pr and or xx".split(" ");
const literal = fc.oneof(
  hostileText.map((text) => JSON.stringify(text)),
  fc.constantFrom("true", "null", "1e999", '"', "'a'"),
);
const comparison = fc
  .tuple(fc.constantFrom(...names), fc.constantFrom(...operators), literal)
  .map((parts) => parts.join(" "));
const filter = fc.oneof(
  comparison,
  fc.array(comparison, { maxLength: 60 }).map((parts) => parts.join(" or ")),
  fc
    .tuple(comparison, fc.nat({ max: 300 }))
    .map(([inner, depth]) => `${"not (".repeat(depth)}${inner}${")".repeat(depth)}`),
  fc.tuple(fc.constantFrom(...names), comparison).map(([name, inner]) => `${name}[${inner}]`),
  hostileText,
);
const badEncodings = "% %z %zz %ff %c0%af %ed%a0%80 %e2%82 %f5%80%80%80".split(" ");

/** Reads with a hostile query. `encodeURIComponent` refuses unpaired surrogates, so they are sent as raw bytes. */
export function hostileQueries(target: Target): fc.Arbitrary<HostileRequest> {
  const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());
  const parameter = fc.oneof(
    filter.map((text) => `filter=${encoded(text)}`),
    fc
      .tuple(
        fc.constantFrom(..."sortBy sortOrder attributes excludedAttributes startIndex count cursor x".split(" ")),
        hostileText,
      )
      .map(([name, text]) => `${name}=${encoded(text)}`),
    hostileText.map(encoded),
  );
  const bad = fc
    .tuple(fc.constantFrom("filter", "sortBy", "startIndex", "x"), fc.constantFrom(...badEncodings))
    .map(([name, text]) => ({ text: `${name}=${text}`, mustRefuse: true }));
  const twice = fc
    .constantFrom("filter", "count", "x")
    .map((name) => ({ text: `${name}=1&${name}=1`, mustRefuse: true }));
  const fair = fc.array(parameter, { maxLength: 3 }).map((all) => ({ text: all.join("&"), mustRefuse: false }));
  const paths = ["/Users", "/Groups", `/Users/${target.userId}`, `/Groups/${target.groupId}`];
  return fc
    .tuple(fc.constantFrom(...paths), fc.oneof({ arbitrary: fair, weight: 3 }, bad, twice))
    .map(([path, { text, mustRefuse }]) => ({
      what: `GET ${path}?${text.slice(0, 200)}`,
      request: { method: "GET", path: `/scim_v2${path}?${text}`, headers: [authorization(target)] },
      mustRefuse,
    }));
}

const segments = [..."..|%2e%2e%2f|%2F|%00|%252e|%5c|;x|.|%zz|%ff|%c0%ae|Users|Me|*".split("|"), "a".repeat(8000)];
const methods = "GET HEAD OPTIONS TRACE PROPFIND DELETE POST PUT PATCH FOO get LOCK QUERY".split(" ");
const headers: readonly (readonly [string, string])[] = [
  ["Accept", "text/xml"],
  ["Accept", "*/*;q=0"],
  ["Accept", ",;=,q"],
  ["Content-Type", "text/xml"],
  ["Content-Type", "multipart/form-data; boundary=x"],
  ["Content-Type", "application/json; charset=utf-16"],
  ["Content-Type", `application/json${"; ".repeat(20_000)}`],
  ["Content-Encoding", "gzip"],
  ["If-Match", '"'.repeat(5000)],
  ["If-None-Match", "*, W/"],
  ["Expect", "200-ok"],
  ["Range", "bytes=0-0,-1"],
  ["X-HTTP-Method-Override", "DELETE"],
  ["X-Forwarded-For", "\xff\xfe"],
  ["Cookie", "a=b;".repeat(4000)],
  ["Upgrade", "h2c"],
  ["Transfer-Encoding", "chunked, identity"],
  ["Content-Length", "-1"],
  ["Content-Length", "0x10"],
];

/** Unusual addresses, methods and headers. None of them deletes an existing resource. */
export function hostileHeads(target: Target): fc.Arbitrary<HostileRequest> {
  const path = fc.array(fc.constantFrom(...segments), { maxLength: 4 }).map((parts) => `/Users/${parts.join("/")}`);
  return fc
    .tuple(fc.constantFrom(...methods), path, fc.array(fc.constantFrom(...headers), { maxLength: 2 }), fc.boolean())
    .map(([method, at, extra, isEmpty]) => ({
      what: `${method} ${at.slice(0, 100)} ${extra.map(([name, value]) => `${name}: ${value.slice(0, 40)}`).join(", ")}`,
      request: {
        method,
        path: `/scim_v2${at}`,
        headers: [authorization(target), ...extra],
        body: isEmpty ? undefined : new TextEncoder().encode("{}"),
      },
      mustRefuse: false,
    }));
}
