import { domainToASCII } from "node:url";
import { addDomain, listDomains, readProof, removeDomain, saveCheck, type ListedDomain } from "@rollcall/db";
import { domainIn, isTyped, lapseMs, proofLabel } from "@rollcall/domain";
import { z } from "zod";
import { toTrpcError, unwrap } from "../errors/trpc-error.ts";
import { ownerProcedure, router } from "../trpc.ts";
import { done, isoDate, textInput } from "./schemas.ts";

const domain = z.object({
  domain: z.string(),
  /** `pending`: not verified yet; `failing`: the record is gone, but the domain counts until `lapsesAt`. */
  state: z.enum(["pending", "verified", "failing"]),
  /** The TXT record; null if Rollcall's operator has vouched for the domain. */
  record: z.object({ name: z.string(), value: z.string() }).nullable(),
  problem: z.string().nullable(),
  checkedAt: isoDate.nullable(),
  verifiedAt: isoDate.nullable(),
  verifiedBy: z.string().nullable(),
  lapsesAt: isoDate.nullable(),
  memberCount: z.number(),
  /** Active members of the domain who have neither signed in nor accepted: without the domain they must accept. */
  unacceptedCount: z.number(),
});

/**
 * Converts typed or pasted text, an address included, to the ASCII of the DNS; text that is no domain name stays
 * unchanged.
 */
const domainInput = textInput(2000)
  .trim()
  .min(1, "Enter the domain.")
  .transform((text) => {
    const name = domainIn(text);
    return domainToASCII(name) || name;
  });

export const domainsRouter = router({
  /** The organization's domains by name, verified or not, with the TXT record of each. */
  list: ownerProcedure
    .output(z.array(domain))
    .query(async ({ ctx }) => (await listDomains(ctx.database.sql, ctx.organizationId)).map(onWire)),

  add: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ domain: domainInput }))
    .output(z.object({ domain: z.string() }))
    .mutation(async ({ ctx, input }) => {
      unwrap(await addDomain(ctx.database, ctx.write, input.domain));
      return { domain: input.domain };
    }),

  /** Looks up the TXT record now. The refusal names the records found instead. */
  check: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ domain: domainInput }))
    .output(done)
    .mutation(async ({ ctx, input }) => {
      const { database, organizationId } = ctx;
      const proof = await readProof(database.sql, organizationId, input.domain);
      if (proof === undefined) throw toTrpcError({ kind: "domainNotFound", domain: input.domain });
      const finding = await ctx.lookupTxt(input.domain);
      unwrap(await saveCheck(database, ctx.write, { domain: input.domain, finding }));
    }),

  remove: ownerProcedure
    .meta({ accountAction: "none" })
    .input(z.object({ domain: domainInput, confirm: textInput(253) }))
    .output(done)
    .mutation(async ({ ctx, input }) => {
      if (!isTyped(input.confirm, input.domain)) {
        throw toTrpcError({ kind: "confirmationWrong", expected: input.domain });
      }
      unwrap(await removeDomain(ctx.database, ctx.write, input.domain));
    }),
});

function onWire(one: ListedDomain): z.input<typeof domain> {
  const { proof, failingSince, verifiedAt } = one;
  const state = verifiedAt === null ? "pending" : failingSince === null ? "verified" : "failing";
  return {
    domain: one.domain,
    state,
    record: proof === null ? null : { name: `${proofLabel}.${one.domain}`, value: proof },
    problem: one.problem,
    checkedAt: one.checkedAt,
    verifiedAt,
    verifiedBy: one.verifiedBy,
    lapsesAt: failingSince === null ? null : new Date(failingSince.getTime() + lapseMs),
    memberCount: one.memberCount,
    unacceptedCount: one.unacceptedCount,
  };
}
