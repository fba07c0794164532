import { once } from "node:events";
import { stringify } from "csv-stringify/sync";
import express, { type RequestHandler, type Response, type Router } from "express";
import type { Logger } from "pino";
import { requestIdOf, type Services } from "../../context.ts";
import { isStillOwner, readOwnerSession, refuse } from "../owner-session.ts";
import { createSlots, onClosed } from "../slots.ts";
import { rowsMax, type ExportList, type ExportPlace, type ExportRow } from "./export-list.ts";
import { exportLists } from "./export-lists.ts";

/** How long a stalled client is waited for, and how long a whole file may take. */
const waitMs = 60_000;
const wholeMs = 30 * 60_000;
const bounds = { max: 20, ofOrganizationMax: 10, ofPersonMax: 3 };

type Format = "csv" | "json";
type Read = NonNullable<ReturnType<ExportList["open"]>>;

/**
 * `GET /export/members.csv`, `activity.json`, `requests.csv` and so on, with the screen's filters in the query: the
 * whole list as a file, for owners, in batches, so that memory is bounded for any organization. The session is read
 * anew for each batch, so an export ends when its reader stops being an owner. An interrupted file ends without its
 * last chunk, so that no browser takes it for complete.
 */
export function exportRoutes(services: Services, log: Logger): Router {
  const router = express.Router();
  router.get("/:file", download(services, log));
  return router;
}

function download(services: Services, log: Logger): RequestHandler<{ file: string }> {
  const slots = createSlots(bounds);
  return async (req, res) => {
    const owner = await readOwnerSession(services, req);
    if (!owner.ok) return refuse(res, owner.status, owner.error);
    const [, name = "", format] = /^([a-z-]+)\.(csv|json)$/.exec(req.params.file) ?? [];
    const list = exportLists.get(name);
    if (list === undefined || (format !== "csv" && format !== "json"))
      return refuse(res, 404, "There is nothing here.");
    const read = list.open(searchOf(req.query));
    if (read === undefined) return refuse(res, 400, "The filters of this address cannot be read.");
    const { organizationId, account } = owner.session;
    const release = slots.acquire({ organizationId, accountId: account.id });
    if (release === undefined)
      return refuse(res, 429, "Too many exports are under way. Wait until one of them is done.");
    const gone = goneFrom(res);
    const day = services.now().toISOString().slice(0, 10);
    const fileName = `rollcall-${name}-${day}.${format}`;
    const check = async (): Promise<void> => {
      if (!(await isStillOwner(services, req, organizationId))) throw new Error("The session has ended.");
    };
    try {
      await write(
        { res, gone, format, fileName, columns: list.columns },
        rowsOf(read, {
          database: services.database.shareOf(organizationId).tenantOf(organizationId),
          organizationId,
          now: services.now(),
          check,
        }),
      );
    } catch (cause) {
      // Nothing has been sent yet, so the last handler can still send an error.
      if (!res.headersSent && !gone.aborted) throw cause;
      if (!gone.aborted) log.error({ requestId: requestIdOf(res), fault: String(cause) }, "An export broke off.");
      res.destroy();
    } finally {
      release();
    }
  };
}

/** Aborted when the browser is gone, or has the whole response. */
function goneFrom(res: Response): AbortSignal {
  const gone = new AbortController();
  onClosed(res, () => gone.abort());
  return gone.signal;
}

/** Filters with free text. */
const typedNames: ReadonlySet<string> = new Set(["search", "text"]);

/** Parses the parameters of the export menu: `true` is a boolean, except in free text; all else is text. */
function searchOf(query: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const read = (name: string, value: unknown): unknown => {
    if (typedNames.has(name) || (value !== "true" && value !== "false")) return value;
    return value === "true";
  };
  return Object.fromEntries(Object.entries(query).map(([name, value]) => [name, read(name, value)]));
}

type Source = ExportPlace & {
  /** Throws if the reader may not continue. */
  readonly check: () => Promise<void>;
};

async function* rowsOf(read: Read, source: Source): AsyncGenerator<readonly ExportRow[]> {
  const until = performance.now() + wholeMs;
  let cursor: string | undefined;
  for (let count = 0; count < rowsMax;) {
    const { rows, next } = await read(source, cursor);
    yield rows;
    if (next === undefined) return;
    if (performance.now() > until) throw new Error(`It took longer than ${wholeMs / 60_000} minutes.`);
    await source.check();
    cursor = next;
    count += rows.length;
  }
  throw new Error(`There are more than ${rowsMax} rows.`);
}

type Target = {
  readonly res: Response;
  readonly gone: AbortSignal;
  readonly format: Format;
  readonly fileName: string;
  readonly columns: readonly string[];
};

/** The response begins once the first batch is there. */
async function write(
  { res, gone, format, fileName, columns }: Target,
  batches: AsyncIterable<readonly ExportRow[]>,
): Promise<void> {
  let separator = "\n";
  for await (const rows of batches) {
    if (!res.headersSent) {
      res.setHeader("content-type", format === "csv" ? "text/csv; charset=utf-8" : "application/json; charset=utf-8");
      res.setHeader("content-disposition", `attachment; filename="${fileName}"`);
      await send(res, gone, format === "csv" ? csvOf([columns]) : "[");
    }
    // A stretch of the log without a match.
    if (rows.length === 0) continue;
    const picked = rows.map((row) => columns.map((column) => row[column]));
    await send(res, gone, format === "csv" ? csvOf(picked) : `${separator}${jsonOf(picked, columns)}`);
    separator = ",\n";
  }
  res.end(format === "json" ? "\n]\n" : "");
}

/** A slow reader is waited for, within the bound; a closed connection ends the wait. */
async function send(res: Response, gone: AbortSignal, text: string): Promise<void> {
  gone.throwIfAborted();
  if (res.write(text)) return;
  await once(res, "drain", { signal: AbortSignal.any([gone, AbortSignal.timeout(waitMs)]) });
}

/**
 * RFC 4180, every cell in quotes. Text that a spreadsheet would take for a formula is prefixed with an apostrophe, also
 * after a separator inside the text: where lists are separated by semicolons, the spreadsheet begins another cell
 * there.
 */
function csvOf(rows: readonly (readonly unknown[])[]): string {
  const options = { escape_formulas: true, quoted: true, quoted_empty: true, record_delimiter: "\r\n" } as const;
  return stringify(
    rows.map((row) => row.map((value) => cellOf(value).replaceAll(/([;,\t\r\n]["\s]*)(?=[=+\-@＝＋－＠])/g, "$1'"))),
    options,
  );
}

function cellOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.map(cellOf).join("; ") : JSON.stringify(value);
}

function jsonOf(rows: readonly (readonly unknown[])[], columns: readonly string[]): string {
  const objects = rows.map((row) => JSON.stringify(Object.fromEntries(columns.map((column, at) => [column, row[at]]))));
  return objects.join(",\n");
}
