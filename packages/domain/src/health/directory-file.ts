import { foldText } from "@rollcall/scim-protocol";

/** A person in a file of the identity provider. `isActive` null: the file does not say. */
export type DirectoryPerson = {
  readonly userName: string;
  readonly externalId: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  /** The status as written in the file. */
  readonly status: string | null;
  readonly isActive: boolean | null;
};

/** The index of each value in a row of the file, from 0; undefined: the file does not have it. */
export type DirectoryColumns = { readonly userName: number } & Readonly<
  Record<"externalId" | "givenName" | "familyName" | "status", number | undefined>
>;

/** The names of columns by precedence, folded and reduced to letters: `profile.login` and `User Name` alike. */
const known = {
  userName: ["username", "login", "userlogin", "profilelogin", "userprincipalname", "email", "emailaddress"],
  externalId: ["externalid", "userid", "oktaid", "oktauserid", "id", "objectid"],
  givenName: ["firstname", "givenname", "profilefirstname"],
  familyName: ["lastname", "familyname", "surname", "profilelastname"],
  status: ["status", "userstatus", "accountstatus", "state", "active", "isactive", "accountenabled"],
} as const;
/** Further names of the user name column that hold an address, for files with no other. */
const addresses = ["useremail", "profileemail", "primaryemail", "mail"] as const;

/**
 * Finds the columns by their names in the file's first row. `userNameColumn` is the name that the owner has chosen.
 * Undefined: no column has the user name, and the owner must choose.
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

/** The person of a row, or undefined for a row without a user name. */
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

/** Okta's statuses as in its API and its console, and booleans as spreadsheets write them. */
const activeStatuses = new Set(
  "active provisioned recovery passwordreset passwordexpired lockedout pendinguseraction true yes enabled".split(" "),
);
const inactiveStatuses = new Set(
  "staged suspended deprovisioned deactivated inactive disabled deleted false no".split(" "),
);

/** Null for an unknown status. */
function isActiveStatus(status: string): boolean | null {
  const word = foldText(status).replaceAll(/[^\p{L}]/gu, "");
  if (activeStatuses.has(word)) return true;
  return inactiveStatuses.has(word) ? false : null;
}

function placeOf(header: readonly string[], name: string): number | undefined {
  const place = header.indexOf(name);
  return place < 0 ? undefined : place;
}
