import { isObject, type Answered, type Breakage, type Exchange } from "../breakage.ts";
import {
  accepting,
  anyGroup,
  anyResource,
  anyUser,
  bodyOf,
  isCall,
  refusing,
  withoutScimType,
  statusInstead,
} from "../broken-write.ts";

/** A PUT that is too strict or not strict enough, or does not say why. */
export const replacingRulesBreakages: readonly Breakage[] = [
  {
    checks: [
      ["replace-never-creates", "replace-group-never-creates", "replace-without-required", "replace-wrong-type"],
      ["replace-wrong-schema", "replace-broken-json", "replace-takes-no-others-user-name"],
      ["replace-takes-no-others-user-name-in-other-case", "replace-unknown-member"],
    ].flat(),
    title: "a PUT that says yes to everything",
    ...accepting("PUT", anyResource),
  },
  { checks: ["replace-endpoint-refused"], title: "a PUT of an endpoint", ...accepting("PUT", /^\/Users$/) },
  {
    checks: ["replace-never-creates", "replace-group-never-creates"],
    title: "a PUT that creates what is not there",
    answer: createInstead,
  },
  {
    checks: ["replace-never-creates", "replace-group-never-creates"],
    title: "a 400 for a PUT to nobody's address",
    ...statusInstead("PUT", anyResource, 404, 400),
  },
  {
    checks: ["replace-without-required", "replace-wrong-type", "replace-broken-json"],
    title: "a refused PUT without a scimType",
    ...withoutScimType("PUT", anyResource),
  },
  {
    checks: [
      ["replace-without-required", "replace-wrong-type", "replace-takes-no-others-user-name"],
      ["replace-takes-no-others-user-name-in-other-case", "replace-broken-json"],
    ].flat(),
    title: "a refused PUT of a user that has done its half",
    answer: (exchange) => doHalf(exchange, anyUser, { displayName: "half" }),
  },
  {
    checks: ["replace-unknown-member"],
    title: "a refused PUT of a group that has set the members it knows",
    answer: (exchange) => doHalf(exchange, anyGroup, { members: [] }),
  },
  {
    checks: ["replace-ignores-unknown-attributes"],
    title: "a 4xx for a PUT with unknown attributes",
    ...refusing("PUT", anyUser, (body) => "shoeSize" in body),
  },
  {
    checks: ["replace-names-in-any-case"],
    title: "a PUT that knows names in one letter case only",
    ...refusing("PUT", anyUser, (body) => !("userName" in body)),
  },
  {
    checks: ["replace-takes-own-user-name-in-other-case"],
    title: "a PUT that takes a user's own name in another letter case for somebody else's",
    ...refusing("PUT", anyUser, ({ userName }) => String(userName).toUpperCase() === userName),
  },
  {
    checks: ["replace-shows-chosen-attributes"],
    title: "a PUT that is refused where attributes are chosen",
    ...refusing("PUT", anyUser, (_body, asked) => asked.query.has("attributes")),
  },
  {
    checks: ["replace-hides-excluded-attributes"],
    title: "a PUT that is refused where attributes are hidden",
    ...refusing("PUT", anyUser, (_body, asked) => asked.query.has("excludedAttributes")),
  },
];

/** What nobody has is made by a POST instead; a user's is shown as if it were, as the cast has no sixth. */
async function createInstead({ asked, answered, ask }: Exchange): Promise<Answered> {
  if (isCall(asked, "PUT", anyGroup) && answered.status === 404) {
    await ask({ ...asked, method: "POST", path: "/Groups" });
    return answered;
  }
  if (!isCall(asked, "GET", /^\/Users$/)) return answered;
  return { ...answered, text: JSON.stringify({ totalResults: 1, Resources: [{ id: "1" }] }) };
}

/** Changes the resource although the PUT was refused. */
async function doHalf(
  { asked, answered, ask }: Exchange,
  path: RegExp,
  half: Readonly<Record<string, unknown>>,
): Promise<Answered> {
  if (!isCall(asked, "PUT", path) || answered.status < 400) return answered;
  const { headers } = asked;
  const read: unknown = JSON.parse((await ask({ ...asked, method: "GET", text: "" })).text);
  const body = { ...(isObject(read) ? read : bodyOf(asked)), ...half };
  await ask({ ...asked, headers, text: JSON.stringify(body) });
  return answered;
}
