import { createConcurrencyLimiter } from "@rollcall/db";
import express, { type RequestHandler, type Response, type Router } from "express";
import type { Logger } from "pino";
import { requestIdOf, type Services } from "../context.ts";
import { isStillOwner, readOwnerSession, refuse } from "./owner-session.ts";
import { createSlots, onClosed } from "./slots.ts";
import { temporaryProblemOf } from "../errors/trpc-error.ts";
import { CsvProblem } from "./directory-csv.ts";
import { reportOn } from "./directory-report.ts";

const bodyBytesMax = 10 * 1024 * 1024;
/** Each holds a file in memory, from its first byte on. */
const bounds = { max: 10, ofOrganizationMax: 5, ofPersonMax: 1 };
/** Each also holds the whole roster. */
const runningBounds = { max: 2, maxEach: 1, waitingMax: 10, waitingMaxEach: 5, waitMs: 20_000 };

/**
 * `POST /compare/directory`: compares an owner's CSV export of the identity provider, sent as the body, with the
 * members and returns the differences. `?column=` names the column of the user name. The file is not stored.
 */
export function compareRoutes(services: Services, log: Logger): Router {
  const router = express.Router();
  const body = express.raw({ type: () => true, limit: bodyBytesMax, inflate: false });
  const read: RequestHandler = (req, res, next) => {
    body(req, res, (cause?: unknown) => (cause === undefined ? next() : refuseBody(res, cause)));
  };
  router.post("/directory", owners(services), read, compare(services, log));
  return router;
}

/** Checked before the body is read, so that only owners can send files, and few at a time. */
function owners(services: Services): RequestHandler {
  const slots = createSlots(bounds);
  return async (req, res, next) => {
    const owner = await readOwnerSession(services, req);
    if (!owner.ok) return refuse(res, owner.status, owner.error);
    const { organizationId, account } = owner.session;
    const release = slots.acquire({ organizationId, accountId: account.id });
    if (release === undefined) return refuse(res, 429, "Another file is being compared. Try again when that is done.");
    onClosed(res, release);
    res.locals["organizationId"] = organizationId;
    next();
  };
}

function compare(services: Services, log: Logger): RequestHandler {
  const limiter = createConcurrencyLimiter(runningBounds);
  return async (req, res) => {
    const organizationId: unknown = res.locals["organizationId"];
    const { body, query }: { body: unknown; query: Record<string, unknown> } = req;
    const { column } = query;
    if (typeof organizationId !== "string") return refuse(res, 401, "Sign in first.");
    if (!Buffer.isBuffer(body) || body.length === 0) return refuse(res, 422, "The file is empty.");
    const release = await limiter.acquire(organizationId);
    if (release === undefined) return refuse(res, 429, "Other files are being compared. Try again in a moment.");
    try {
      // The body and the queue may take minutes.
      if (!(await isStillOwner(services, req, organizationId)))
        return refuse(res, 403, "Only owners of the organization may do this.");
      const share = services.database.shareOf(organizationId).tenantOf(organizationId);
      res.json(await reportOn(share, organizationId, body, typeof column === "string" ? column : undefined));
    } catch (cause) {
      if (cause instanceof CsvProblem) return refuse(res, 422, cause.message);
      if (temporaryProblemOf(cause) !== undefined) throw cause;
      log.error({ requestId: requestIdOf(res), fault: String(cause) }, "A comparison failed.");
      refuse(res, 500, "Something went wrong on our side. Nothing was changed.");
    } finally {
      release();
    }
  };
}

function refuseBody(res: Response, cause: unknown): void {
  const isLarge = typeof cause === "object" && cause !== null && "status" in cause && cause.status === 413;
  if (isLarge) refuse(res, 413, "The file is larger than 10 MB.");
  else refuse(res, 400, "The file did not arrive whole. Try again.");
}
