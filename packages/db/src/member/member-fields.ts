import { emailKey, type MemberFields } from "@rollcall/domain";
import { foldText } from "@rollcall/scim-protocol";
import { sql } from "kysely";
import type { Parameter } from "../store/statement.ts";

/** The properties of a member that a provider sets. */
export const providedColumns = [
  "userName",
  "userNameKey",
  "externalId",
  "givenName",
  "givenNameKey",
  "familyName",
  "familyNameKey",
  "displayName",
  "displayNameKey",
  "name",
  "nameKey",
  "active",
] as const;

/** The values of `providedColumns` with the normalized keys, which are computed only here. */
export type KeyedFields = ReturnType<typeof keyedFields>;
export function keyedFields({ userName, externalId, givenName, familyName, displayName, name, active }: MemberFields) {
  return {
    userName,
    userNameKey: emailKey(userName),
    externalId,
    givenName,
    givenNameKey: keyOf(givenName),
    familyName,
    familyNameKey: keyOf(familyName),
    displayName,
    displayNameKey: keyOf(displayName),
    name,
    nameKey: foldText(name),
    active,
  };
}

const keyOf = (text: string | null): string | null => (text === null ? null : foldText(text));

/** The parameters named in `providedColumns` as the columns of an `insert` from a query. */
export const fieldsFrom = (p: Parameter<KeyedFields>) => providedColumns.map((name) => sql`${p(name)}`.as(name));

/** The same as the columns of an `update`. */
export function fieldsSet(p: Parameter<KeyedFields>) {
  return {
    userName: p("userName"),
    userNameKey: p("userNameKey"),
    externalId: p("externalId"),
    givenName: p("givenName"),
    givenNameKey: p("givenNameKey"),
    familyName: p("familyName"),
    familyNameKey: p("familyNameKey"),
    displayName: p("displayName"),
    displayNameKey: p("displayNameKey"),
    name: p("name"),
    nameKey: p("nameKey"),
    active: p("active"),
  };
}
