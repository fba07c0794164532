import { foldText } from "@rollcall/scim-protocol";

/** Somebody as a file of the identity provider names them. `isActive` null: the file does not say. */
export type DirectoryPerson = {
  readonly userName: string;
  readonly externalId: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  /** The status as it is written in the file. */
  readonly status: string | null;
  readonly isActive: boolean | null;
};

/** Where each value stands in a row of the file, counted from 0; undefined: the file does not have it. */
export type DirectoryColumns = { readonly userName: number } & Readonly<
  Record<"externalId" | "givenName" | "familyName" | "status", number | undefined>
>;

/** The names of columns in the order of trust, folded, without all but letters: `profile.login` and `User Name` alike. */
const known = {
  userName: ["username", "login", "userlogin", "profilelogin", "userprincipalname", "email", "emailaddress"],
  externalId: ["externalid", "userid", "oktaid", "oktauserid", "id", "objectid"],
  givenName: ["firstname", "givenname", "profilefirstname"],
  familyName: ["lastname", "familyname", "surname", "profilelastname"],
  status: ["status", "userstatus", "accountstatus", "state", "active", "isactive", "accountenabled"],
} as const;
/** Further names of the user name that are an address, for files that have no other. */
const addresses = ["useremail", "profileemail", "primaryemail", "mail"] as const;

/**
 * Finds the columns by the names in the file's first row. `userNameColumn` is the name of the one that the owner has
 * chosen. Undefined: no column says who somebody is, and the owner must choose.
 */
export function findDirectoryColumns(header: readonly string[], userNameColumn?: string): DirectoryColumns | undefined {
  const names = header.map((name) => foldText(name).replaceAll(/[^\p{L}]/gu, ""));
  const find = (wanted: readonly string[]): number | undefined => {
    const name = wanted.find((one) => names.includes(one));
    return name === undefined ? undefined : names.indexOf(name);
  };
  const chosen =
    userNameColumn === undefined ? find([...known.userName, ...addresses]) : placeOf(header, userNameColumn);
  if (chosen === undefined) return undefined;
  return {
    userName: chosen,
    externalId: find(known.externalId),
    givenName: find(known.givenName),
    familyName: find(known.familyName),
    status: find(known.status),
  };
}

/** The person of a row, or undefined where the row does not say who it is. */
export function readDirectoryPerson(row: readonly string[], columns: DirectoryColumns): DirectoryPerson | undefined {
  const valueAt = (place: number | undefined): string | null => {
    const text = place === undefined ? "" : (row[place] ?? "").trim();
    return text === "" ? null : text;
  };
  const userName = valueAt(columns.userName);
  if (userName === null) return undefined;
  const status = valueAt(columns.status);
  return {
    userName,
    externalId: valueAt(columns.externalId),
    givenName: valueAt(columns.givenName),
    familyName: valueAt(columns.familyName),
    status,
    isActive: status === null ? null : isActiveStatus(status),
  };
}

/** Okta's statuses in its API's spelling and its console's, and what spreadsheets make of a boolean. */
const activeWords = new Set(
  "active provisioned recovery passwordreset passwordexpired lockedout pendinguseraction true yes enabled".split(" "),
);
const inactiveWords = new Set(
  "staged suspended deprovisioned deactivated inactive disabled deleted false no".split(" "),
);

/** Null: the word is not known, and nothing is concluded from it. */
function isActiveStatus(status: string): boolean | null {
  const word = foldText(status).replaceAll(/[^\p{L}]/gu, "");
  if (activeWords.has(word)) return true;
  return inactiveWords.has(word) ? false : null;
}

function placeOf(header: readonly string[], name: string): number | undefined {
  const place = header.indexOf(name);
  return place < 0 ? undefined : place;
}
