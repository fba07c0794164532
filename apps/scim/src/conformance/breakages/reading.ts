import { without, withResources, type Breakage, type JsonObject } from "../breakage.ts";
import { eachObject, refusal, withInner } from "../broken-answer.ts";
import { call, when } from "../exchange-match.ts";

function people(change: (resource: JsonObject) => JsonObject): NonNullable<Breakage["answer"]> {
  return when(call("GET", /^\/Users/), (answered) => withResources(answered, change));
}

function groups(change: (resource: JsonObject) => JsonObject): NonNullable<Breakage["answer"]> {
  return when(call("GET", /^\/Groups/), (answered) => withResources(answered, change));
}

/** Schemas, type, times and location: the same for people and groups. */
function both(change: (resource: JsonObject) => JsonObject): NonNullable<Breakage["answer"]> {
  return when(call("GET", /^\/(?:Users|Groups)/), (answered) => withResources(answered, change));
}

export const readingBreakages: readonly Breakage[] = [
  {
    checks: ["read-user-by-id", "read-group-by-id"],
    title: "an id in capital letters",
    answer: both((resource) => ({ ...resource, id: String(resource["id"]).toUpperCase() })),
  },
  {
    checks: ["read-user-has-schema", "read-group-has-schema"],
    title: "resources without schemas",
    answer: both((resource) => ({ ...resource, schemas: [] })),
  },
  {
    checks: ["read-user-has-resource-type", "read-group-has-meta"],
    title: "resources without their type",
    answer: both((resource) => withInner(resource, "meta", "resourceType", undefined)),
  },
  {
    checks: ["read-user-has-times", "read-group-has-meta"],
    title: "a time that is a mere day",
    answer: both((resource) => withInner(resource, "meta", "created", "2026-01-31")),
  },
  {
    checks: ["read-user-has-times", "read-group-has-meta"],
    title: "a change before the creation",
    answer: both((resource) => withInner(resource, "meta", "lastModified", "2001-01-01T00:00:00Z")),
  },
  {
    checks: ["read-user-has-location", "read-group-has-meta"],
    title: "a location without a host",
    answer: both((resource) => withInner(resource, "meta", "location", `/Users/${String(resource["id"])}`)),
  },
  {
    checks: ["read-user-id-is-the-services-own"],
    title: "an id that is the provider's externalId",
    answer: people((user) => ({ ...user, id: user["externalId"] })),
  },
  {
    checks: ["read-user-has-what-was-given"],
    title: "a userName in small letters and a family name without its accents and case",
    answer: people((user) => withInner(user, "name", "familyName", "euler")),
  },
  {
    checks: ["read-user-has-what-was-given"],
    title: "a displayName made up for who has none",
    answer: people((user) => ({ displayName: "Somebody", ...user })),
  },
  {
    checks: ["read-user-inactive-is-there"],
    title: "booleans as texts",
    answer: people((user) => ({ ...user, active: String(user["active"]) })),
  },
  {
    checks: ["read-user-inactive-is-there"],
    title: "a 404 for who is not active",
    answer: when(
      ({ answered }) => answered.text.includes('"active":false'),
      () => refusal(404),
    ),
  },
  {
    checks: ["read-user-has-one-primary-email"],
    title: "two primary e-mails",
    answer: people((user) => ({
      ...user,
      emails: [
        { value: "a@b.example", primary: true },
        { value: "c@d.example", primary: true },
      ],
    })),
  },
  {
    checks: ["read-user-has-one-primary-email"],
    title: "an e-mail that is a text",
    answer: people((user) => ({ ...user, emails: ["a@b.example"] })),
  },
  {
    checks: ["read-user-hides-password", "list-hides-passwords"],
    title: "a password that is shown",
    answer: people((user) => ({ ...user, password: "secret" })),
  },
  {
    checks: ["read-group-by-id"],
    title: "a group without its name",
    answer: groups((group) => without(group, "displayName")),
  },
  {
    checks: ["read-group-has-members"],
    title: "a group that hides its last member",
    answer: groups((group) => ({ ...group, members: eachObject(group["members"], (member) => member).slice(1) })),
  },
  {
    checks: ["read-group-has-members"],
    title: "members by their names",
    answer: groups((group) => ({
      ...group,
      members: eachObject(group["members"], (member) => ({ ...member, value: member["display"] })),
    })),
  },
  {
    checks: ["read-group-members-are-described"],
    title: "members that refer to groups",
    answer: groups((group) => ({
      ...group,
      members: eachObject(group["members"], (member) => ({ ...member, $ref: `x/Groups/${String(member["value"])}` })),
    })),
  },
  {
    checks: ["read-group-members-are-described"],
    title: "members of another type",
    answer: groups((group) => ({
      ...group,
      members: eachObject(group["members"], (member) => ({ ...member, type: "Person" })),
    })),
  },
];
