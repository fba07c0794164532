import { findSsoConnection, startSsoRequest } from "@rollcall/db";
import { localPathOf, type SsoProblem } from "@rollcall/domain";
import express, { type Request, type RequestHandler, type Response, type Router } from "express";
import type { Logger } from "pino";
import { z } from "zod";
import { markBrowser } from "./browser-mark.ts";
import { addressOf, browserOf, readSession, requestIdOf, type Services } from "../context.ts";
import { consumeResponse, type Outcome } from "../security/saml/assertion-consumer.ts";
import { metadataOf, requestUrl, serviceProviderOf } from "../security/saml/service-provider.ts";

/** Assertions that list hundreds of groups are large. */
const bodyBytesMax = 256 * 1024;
const parametersMax = 10;

const delivered = z.object({ SAMLResponse: z.string().min(1), RelayState: z.string().optional() });
const tenant = z.object({ organizationId: z.uuid() });

/**
 * The routes of the browser to an identity provider and back. The ACS accepts a form of another site by design: it
 * relies on the signature in the form and on the mark of the browser that started the request.
 */
export function ssoRoutes(services: Services, log: Logger): Router {
  const router = express.Router({ mergeParams: true });
  router.param("organizationId", (req, res, next) => {
    if (tenant.safeParse(req.params).success) next();
    else refuse(res, "notConfigured");
  });
  router.use((_req, res, next) => {
    res.setHeader("Cache-Control", "no-store");
    next();
  });
  router.get("/:organizationId/start", start(services));
  router.get("/:organizationId/metadata", (req, res) => {
    const { organizationId } = tenant.parse(req.params);
    const xml = metadataOf(serviceProviderOf(services.config.publicAppUrl, organizationId));
    res.type("application/samlmetadata+xml").send(xml);
  });
  const form = express.urlencoded({
    extended: false,
    inflate: false,
    limit: bodyBytesMax,
    parameterLimit: parametersMax,
  });
  router.post("/:organizationId/acs", form, acs(services, log));
  return router;
}

/**
 * Begins a sign-in: stores the request and redirects the browser to the identity provider. `again`: the person must
 * sign in there anew; `restart`: the provider began, and this is our request to it.
 */
function start(services: Services): RequestHandler {
  const { database: shared, ssoLimit, config, cookies, now } = services;
  return async (req, res) => {
    const { organizationId } = tenant.parse(req.params);
    const address = addressOf(req);
    if (!(await ssoLimit(address))) return refuse(res, "busy");
    const database = shared.shareOf(address);
    const connection = await findSsoConnection(database.sql, organizationId);
    if (connection === undefined) return refuse(res, "notConfigured");
    const { next, again, restart } = req.query;
    const purpose = { kind: "signIn", nextPath: localPathOf(next), isRestart: restart !== undefined } as const;
    const session = (await readSession(services, req)) ?? null;
    const requester = { hash: markBrowser(cookies, req, res), session };
    const id = await startSsoRequest(database.sql, organizationId, purpose, requester, now());
    const provider = serviceProviderOf(config.publicAppUrl, organizationId);
    res.redirect(303, await requestUrl(provider, connection, { id, isForced: again !== undefined }));
  };
}

function acs({ database, xmlReader, config, cookies, now }: Services, log: Logger): RequestHandler {
  return async (req, res) => {
    const { organizationId } = tenant.parse(req.params);
    const outcome = await consume(req, res);
    if (outcome.kind === "refused") {
      const { problem } = outcome;
      log.info({ requestId: requestIdOf(res), organizationId, problem }, "A single sign-on was refused.");
      return refuse(res, problem);
    }
    if (outcome.kind === "unsolicited") {
      return res.redirect(303, `/sso/${organizationId}/start?restart=1&next=${encodeURIComponent(outcome.path)}`);
    }
    if (outcome.kind === "tested") return res.redirect(303, `/settings/sso?test=${outcome.testId}`);
    res.appendHeader("Set-Cookie", cookies.write("rollcall_session", outcome.cookie));
    res.redirect(303, outcome.path);
  };

  async function consume(req: Request, res: Response): Promise<Outcome> {
    const form = delivered.safeParse(req.body);
    if (!form.success) return { kind: "refused", problem: "malformed" };
    const { SAMLResponse: response, RelayState: relayState } = form.data;
    const { organizationId } = tenant.parse(req.params);
    const [browser, requestId] = [browserOf(cookies, req), requestIdOf(res)];
    const delivery = { organizationId, response, relayState, browser, now: now(), requestId };
    const share = database.shareOf(addressOf(req));
    return consumeResponse({ database: share, xmlReader, publicAppUrl: config.publicAppUrl }, delivery);
  }
}

/** The sign-in screen shows the message for the reason. */
function refuse(res: Response, problem: SsoProblem): void {
  res.redirect(303, `/sign-in?sso=${problem}`);
}
