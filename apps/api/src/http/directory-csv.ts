import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import { parse } from "csv-parse";

const rowsMax = 100_000;
const rowSizeMax = 100_000;
/** The rows that are read before other requests get their turn. */
const rowsAtOnce = 1000;
const chunkSize = 65_536;
const delimiters = [",", ";", "\t"] as const;

/** The reason why a file cannot be read, for the person who uploaded it. */
export class CsvProblem extends Error {}

/**
 * Reads the rows of a CSV file, its header included: UTF-8 with or without BOM, separated by commas, semicolons or
 * tabs. At most 100,000 rows after the header. Errors: throws a `CsvProblem` for any other file.
 */
export async function* csvRows(bytes: Buffer): AsyncGenerator<readonly string[]> {
  const text = textOf(bytes);
  const parser = Readable.from(chunksOf(text)).pipe(
    parse({
      delimiter: delimiterOf(text),
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: rowSizeMax,
    }),
  );
  let count = 0;
  try {
    for await (const row of parser) {
      if (count > rowsMax) throw new CsvProblem(`The file has more than ${rowsMax.toLocaleString("en")} people.`);
      if (++count % rowsAtOnce === 0) await nextTurn();
      yield cellsOf(row);
    }
  } catch (cause) {
    throw problemOf(cause);
  }
  if (count === 0) throw new CsvProblem("The file is empty.");
}

function textOf(bytes: Buffer): string {
  if (bytes.subarray(0, 4).toString("latin1") === "PK\u0003\u0004") {
    throw new CsvProblem("This is a workbook or an archive, not a CSV file. Save it as CSV (UTF-8) first.");
  }
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\u0000")) return text;
  } catch {
    // Reported below, as for a file of zeros.
  }
  throw new CsvProblem("This is not a text file in UTF-8. Export it again, or save it as CSV (UTF-8).");
}

/** The separator of the header: the candidate that occurs most often outside of quotes. */
function delimiterOf(text: string): string {
  const header =
    text
      .slice(0, rowSizeMax)
      .trimStart()
      .split(/[\r\n]/, 1)[0] ?? "";
  const bare = header.replaceAll(/"[^"]*"/g, "");
  const count = (sign: string): number => bare.split(sign).length;
  return delimiters.reduce<string>((best, sign) => (count(sign) > count(best) ? sign : best), ",");
}

function* chunksOf(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += chunkSize) yield text.slice(at, at + chunkSize);
}

function cellsOf(row: unknown): readonly string[] {
  return Array.isArray(row) ? row.map(String) : [];
}

function problemOf(cause: unknown): unknown {
  if (cause instanceof CsvProblem || !(cause instanceof Error) || !("code" in cause)) return cause;
  const line = "lines" in cause && typeof cause.lines === "number" ? ` near line ${cause.lines}` : "";
  return new CsvProblem(`This is not a CSV file that can be read: a quote or a row does not end${line}.`);
}
