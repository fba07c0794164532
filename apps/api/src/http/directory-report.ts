import { readComparedMembers, runInSlices, type Database } from "@rollcall/db";
import {
  compareDirectory,
  type DirectoryPerson,
  findDirectoryColumns,
  type FindingKind,
  findingKinds,
  readDirectoryPerson,
  type Finding,
} from "@rollcall/domain";
import { CsvProblem, csvRows } from "./directory-csv.ts";

const findingsShownMax = 1000;
const columnsShownMax = 200;

/** The result of a comparison; at most 1,000 findings of each kind, but all are counted. */
type DirectoryReport = {
  readonly kind: "compared";
  readonly columns: readonly string[];
  /** The column by which people were compared. */
  readonly column: string;
  readonly hasStatus: boolean;
  readonly people: number;
  readonly members: number;
  readonly same: number;
  readonly repeated: number;
  /** Rows without a user name. */
  readonly skipped: number;
  readonly found: readonly {
    readonly kind: FindingKind;
    readonly total: number;
    readonly findings: readonly Finding[];
  }[];
};
/** No column could be identified as the user name: the owner chooses one of these. */
type ColumnUnclear = { readonly kind: "columnUnclear"; readonly columns: readonly string[] };

/** Compares a CSV export of the identity provider with the members. Nothing is stored. Errors: throws a `CsvProblem`. */
export async function reportOn(
  database: Database,
  organizationId: string,
  bytes: Buffer,
  chosenColumn: string | undefined,
): Promise<DirectoryReport | ColumnUnclear> {
  const rows = csvRows(bytes);
  const first = await rows.next();
  const header = (first.done === true ? [] : first.value).map((name) => name.replace(/^\uFEFF/, "").trim());
  const names = [...new Set(header.filter((name) => name !== ""))].slice(0, columnsShownMax);
  if (names.length === 0) throw new CsvProblem("The first row of the file names no columns.");
  const columns = findDirectoryColumns(header, chosenColumn);
  if (columns === undefined) {
    await rows.return(undefined);
    return { kind: "columnUnclear", columns: names };
  }
  const people: DirectoryPerson[] = [];
  let skipped = 0;
  for await (const row of rows) {
    const person = readDirectoryPerson(row, columns);
    if (person === undefined) skipped++;
    else people.push(person);
  }
  const members = await readComparedMembers(database.sql, organizationId);
  const { findings, same, repeated } = await runInSlices(compareDirectory(people, members));
  const found = findingKinds.map((kind) => {
    const ofKind = findings.filter((finding) => finding.kind === kind);
    return { kind, total: ofKind.length, findings: ofKind.slice(0, findingsShownMax) };
  });
  return {
    kind: "compared",
    columns: names,
    column: header[columns.userName] ?? "",
    hasStatus: columns.status !== undefined,
    people: people.length,
    members: members.length,
    same,
    repeated,
    skipped,
    found,
  };
}
