import { once } from "node:events";
import { stringify } from "csv-stringify/sync";
import express, { type RequestHandler, type Response, type Router } from "express";
import type { Logger } from "pino";
import { requestIdOf, type Services } from "../context.ts";
import { readOwnerSession } from "../owner-session.ts";
import type { ExportList, ExportPlace, ExportRow } from "./export-list.ts";
import { exportLists } from "./export-lists.ts";
import { rowsMax } from "./rows-max.ts";

const waitMs = 60_000;

type Format = "csv" | "json";
type Read = NonNullable<ReturnType<ExportList["open"]>>;

/**
 * `GET /export/members.csv`, `activity.json`, `requests.csv` and so on, with the filters of the screen in the query: the
 * whole list as a file, for owners, in batches, so that no size of organization fills the memory. A file that breaks off
 * ends without its last chunk, so that no browser takes it for a whole one.
 */
export function exportRoutes(services: Services, log: Logger): Router {
  const router = express.Router();
  router.get("/:file", download(services, log));
  return router;
}

function download(services: Services, log: Logger): RequestHandler<{ file: string }> {
  const { database, now } = services;
  return async (req, res) => {
    const owner = await readOwnerSession(services, req);
    if (!owner.ok) return refuse(res, owner.status, owner.error);
    const { session } = owner;
    const [, name = "", format] = /^([a-z-]+)\.(csv|json)$/.exec(req.params.file) ?? [];
    const list = exportLists.get(name);
    if (list === undefined || (format !== "csv" && format !== "json"))
      return refuse(res, 404, "There is nothing here.");
    const read = list.open(searchOf(req.query));
    if (read === undefined) return refuse(res, 400, "The filters of this address cannot be read.");
    const day = now().toISOString().slice(0, 10);
    res.setHeader("content-type", format === "csv" ? "text/csv; charset=utf-8" : "application/json; charset=utf-8");
    res.setHeader("content-disposition", `attachment; filename="rollcall-${name}-${day}.${format}"`);
    try {
      await write(
        res,
        format,
        list.columns,
        rowsOf(read, { database, organizationId: session.organizationId, now: now() }),
      );
    } catch (cause) {
      log.error({ requestId: requestIdOf(res), fault: String(cause) }, "An export broke off.");
      res.destroy();
    }
  };
}

/** Parameters as the console's own addresses carry them: `true` is a boolean, all else is text. */
function searchOf(query: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const typed = (value: unknown): unknown => (value === "true" ? true : value === "false" ? false : value);
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, typed(value)]));
}

async function* rowsOf(read: Read, place: ExportPlace): AsyncGenerator<readonly ExportRow[]> {
  let cursor: string | undefined;
  for (let count = 0; count < rowsMax;) {
    const { rows, next } = await read(place, cursor);
    yield rows;
    if (next === undefined) return;
    cursor = next;
    count += rows.length;
  }
  throw new Error(`There are more than ${rowsMax} rows.`);
}

async function write(
  res: Response,
  format: Format,
  columns: readonly string[],
  batches: AsyncIterable<readonly ExportRow[]>,
): Promise<void> {
  let isFirst = true;
  for await (const rows of batches) {
    const picked = rows.map((row) => columns.map((column) => row[column]));
    await send(res, format === "csv" ? csvOf(picked, isFirst ? columns : undefined) : jsonOf(picked, columns, isFirst));
    isFirst = false;
  }
  res.end(format === "json" ? "\n]\n" : "");
}

/** A slow reader is waited for, but not for ever. */
async function send(res: Response, text: string): Promise<void> {
  if (!res.write(text)) await once(res, "drain", { signal: AbortSignal.timeout(waitMs) });
}

/** RFC 4180. A text that a spreadsheet would take for a formula is put behind an apostrophe. */
function csvOf(rows: readonly (readonly unknown[])[], header: readonly string[] | undefined): string {
  const cells = rows.map((row) => row.map(cellOf));
  const options = { escape_formulas: true, record_delimiter: "\r\n" } as const;
  return stringify(header === undefined ? cells : [[...header], ...cells], options);
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.map(cellOf).join("; ") : JSON.stringify(value);
}

function jsonOf(rows: readonly (readonly unknown[])[], columns: readonly string[], isFirst: boolean): string {
  const objects = rows.map((row) => JSON.stringify(Object.fromEntries(columns.map((column, at) => [column, row[at]]))));
  const text = objects.join(",\n");
  if (isFirst) return `[\n${text}`;
  return text === "" ? "" : `,\n${text}`;
}

function refuse(res: Response, status: number, error: string): void {
  res.status(status).json({ error, requestId: requestIdOf(res) });
}
