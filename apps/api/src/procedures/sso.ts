import {
  addSsoExemption,
  configureSso,
  findSsoByDomain,
  findSsoConnection,
  listSsoExemptions,
  readSignInWays,
  readSsoTest,
  removeSso,
  removeSsoExemption,
  setSsoRequired,
  startSsoRequest,
  type SsoConnection,
} from "@rollcall/db";
import { asciiDomain, domainIn, ssoReportChecks } from "@rollcall/domain";
import { TRPCError } from "@trpc/server";
import { z } from "zod";
import type { ApiContext } from "../context.ts";
import { tooMany } from "../security/sign-in-throttle.ts";
import { toTrpcError, unwrap } from "../errors/trpc-error.ts";
import { ownerProcedure, publicProcedure, router } from "../trpc.ts";
import { done, exemption, idInput, isoDate, textInput } from "./schemas.ts";
import { describeCertificate } from "../security/saml/idp-metadata.ts";
import { fetchMetadata } from "../security/saml/metadata-fetch.ts";
import { requestUrl, serviceProviderOf } from "../security/saml/service-provider.ts";

/** The body of a request is at most 100,000 bytes. */
const metadataLengthMax = 90_000;

const connectionOut = z.object({
  entityId: z.string(),
  signInUrl: z.string(),
  metadataUrl: z.string().nullable(),
  certificates: z.array(z.object({ fingerprint: z.string(), validTo: isoDate, isPast: z.boolean() })),
  isRequired: z.boolean(),
  updatedAt: isoDate,
  testedAt: isoDate.nullable(),
});
const overview = z.object({
  acsUrl: z.string(),
  entityId: z.string(),
  metadataUrl: z.string(),
  startUrl: z.string(),
  connection: connectionOut.nullable(),
  exemptions: z.array(exemption),
});
const report = z.object({
  isOk: z.boolean(),
  nameId: z.string().nullable(),
  lines: z.array(
    z.object({
      check: z.enum(ssoReportChecks),
      outcome: z.enum(["passed", "failed", "skipped"]),
      detail: z.string().nullable(),
    }),
  ),
});
const metadata = z.union([
  z.object({ metadataUrl: textInput(2000).trim().min(1, "Enter the address of the metadata.") }),
  z.object({ metadataXml: textInput(metadataLengthMax).trim().min(1, "Paste the metadata.") }),
]);

export const ssoRouter = router({
  /** The service provider's addresses, the connection, and the members exempt from single sign-on. */
  get: ownerProcedure.output(overview).query(async ({ ctx }) => {
    const { database, organizationId, config, now } = ctx;
    const connection = await findSsoConnection(database.sql, organizationId);
    const exemptions = await listSsoExemptions(database.sql, organizationId);
    return {
      ...serviceProviderOf(config.publicAppUrl, organizationId),
      connection: connection === undefined ? null : shown(connection, now),
      exemptions: [...exemptions],
    };
  }),

  /** Trusts the identity provider of that metadata instead of the previous one. */
  configure: ownerProcedure
    .meta({ accountAction: "none" })
    .input(metadata)
    .output(done)
    .mutation(async ({ ctx, input }) => {
      const url = "metadataUrl" in input ? input.metadataUrl : null;
      const xml = "metadataXml" in input ? input.metadataXml : await fetched(ctx, input.metadataUrl);
      const read = await ctx.xmlReader.readMetadata({ xml, metadataUrl: url }, ctx.browser.ip ?? "unknown");
      if (read === "busy") throw toTrpcError({ kind: "ssoMetadataInvalid", problem: "It took too long to read." });
      if ("problem" in read) throw toTrpcError({ kind: "ssoMetadataInvalid", problem: read.problem });
      unwrap(await configureSso(ctx.database, ctx.write, read.found));
    }),

  /** The number of people who can sign in, by method. */
  ways: ownerProcedure
    .output(
      z.object({
        hasSso: z.boolean(),
        people: z.number(),
        withPassword: z.number(),
        withoutPassword: z.number(),
        locked: z.number(),
      }),
    )
    .query(({ ctx }) =>
      readSignInWays(ctx.database.tenantOf(ctx.organizationId, { seesOthers: true }).sql, ctx.organizationId),
    ),

  /**
   * Deletes the connection with its requirement and exemptions; `confirm` is the number of people who cannot sign in
   * then.
   */
  remove: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ confirm: textInput(200) }))
    .output(done)
    .mutation(async ({ ctx, input }) => unwrap(await removeSso(ctx.database, ctx.write, input.confirm))),

  setRequired: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ isRequired: z.boolean() }))
    .output(done)
    .mutation(async ({ ctx, input }) => unwrap(await setSsoRequired(ctx.database, ctx.write, input.isRequired))),

  addExemption: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ memberId: idInput }))
    .output(done)
    .mutation(async ({ ctx, input }) => unwrap(await addSsoExemption(ctx.database, ctx.write, input.memberId))),

  removeExemption: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ memberId: idInput }))
    .output(done)
    .mutation(async ({ ctx, input }) => unwrap(await removeSsoExemption(ctx.database, ctx.write, input.memberId))),

  /** Begins a test of the connection. `url` is for the owner's browser; it signs nobody in. */
  startTest: ownerProcedure
    .meta({ accountAction: "none" })
    .output(z.object({ id: z.string(), url: z.string() }))
    .mutation(async ({ ctx }) => {
      const { database, organizationId, config, session, now } = ctx;
      const connection = await findSsoConnection(database.sql, organizationId);
      if (connection === undefined) throw toTrpcError({ kind: "ssoNotConfigured" });
      const { id: accountId, name } = session.account;
      const purpose = { kind: "test", startedBy: { id: accountId, name } } as const;
      const requester = { hash: ctx.markBrowser(), session };
      const id = await startSsoRequest(database.sql, organizationId, purpose, requester, now);
      return { id, url: await requestUrl(serviceProviderOf(config.publicAppUrl, organizationId), connection, { id }) };
    }),

  /** The result of a test; null for an unknown test. */
  testReport: ownerProcedure
    .input(z.object({ id: textInput(100) }))
    .output(z.object({ isExpired: z.boolean(), report: report.nullable() }).nullable())
    .query(async ({ ctx, input }) => {
      const found = await readSsoTest(ctx.database.sql, ctx.organizationId, input.id, ctx.now);
      if (found === undefined) return null;
      const { isExpired, report: kept } = found;
      return { isExpired, report: kept === null ? null : { ...kept, lines: [...kept.lines] } };
    }),

  /**
   * Finds the sign-in address: by an organization's id, or the verified domain of an email address. The local part of
   * the address is ignored, and every negative response is the same.
   */
  find: publicProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ organization: textInput(254).trim().min(1, "Enter your email address.") }))
    .output(z.object({ startPath: z.string() }))
    .mutation(async ({ ctx, input }) => {
      if (!(await ctx.ssoLimit(ctx.browser.ip ?? "unknown"))) throw tooMany("Too many searches", 60);
      const organizationId = await organizationOf(ctx, input.organization);
      if (organizationId !== undefined) return { startPath: `/sso/${organizationId}/start` };
      throw new TRPCError({
        code: "NOT_FOUND",
        message: "No single sign-on was found for this. Ask an owner of your organization for its sign-in address.",
      });
    }),
});

async function organizationOf({ database }: ApiContext, text: string): Promise<string | undefined> {
  if ((await findSsoConnection(database.sql, text)) !== undefined) return text;
  return findSsoByDomain(database.sql, asciiDomain(domainIn(text)));
}

async function fetched(ctx: ApiContext, address: string): Promise<string> {
  const response = await fetchMetadata(address, ctx.config.publicAppUrl);
  if ("problem" in response) throw toTrpcError({ kind: "ssoMetadataInvalid", problem: response.problem });
  return response.found;
}

function shown(connection: SsoConnection, now: Date): z.input<typeof connectionOut> {
  const certificates = connection.certificates.flatMap((text) => describeCertificate(text) ?? []);
  return {
    ...connection,
    certificates: certificates.map((certificate) => ({ ...certificate, isPast: certificate.validTo <= now })),
  };
}
