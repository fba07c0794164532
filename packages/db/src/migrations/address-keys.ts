import { asciiDomain, emailKey } from "@rollcall/domain";
import type { Client } from "pg";
import { z } from "zod";

/** The migration after which the keys of addresses have another form. */
export const addressKeysMigration = "2026-11-29-patch-one-key";

/**
 * Writes keys of addresses with `xn--` in their domain, and domains that are not ASCII, in the form of today. SQL knows no
 * Punycode, so that this is no statement of the migration. A key that another account, or another member of the
 * organization, has by now stays as it was: the address must be changed by hand.
 */
export async function rekeyAddresses(client: Client): Promise<void> {
  for (const [table, address, others] of addresses) {
    const { rows } = await client.query(
      `select distinct ${address} as address, ${address}_key as key from ${table} where ${address}_key like '%@%xn--%'`,
    );
    for (const { address: text, key } of z.array(addressRow).parse(rows)) {
      await client.query(
        `update ${table} t set ${address}_key = $1 where ${address}_key = $2 and not exists (select 1 from ${table} o
          where o.${address}_key = $1 and ${others})`,
        [emailKey(text), key],
      );
    }
  }
  for (const table of ["verified_domain", "domain_claim"]) {
    const { rows } = await client.query(`select distinct domain from ${table} where domain ~ '[^\\x01-\\x7f]'`);
    for (const { domain } of z.array(z.object({ domain: z.string() })).parse(rows)) {
      await client.query(
        `update ${table} t set domain = $1 where domain = $2 and not exists (select 1 from ${table} o where o.domain = $1)`,
        [asciiDomain(domain), domain],
      );
    }
  }
}

const addressRow = z.object({ address: z.string(), key: z.string() });

/** Table, column, and which other rows of it the key must differ from. */
const addresses = [
  ["account", "email", "true"],
  ["member", "user_name", "o.organization_id = t.organization_id and not o.is_deleted"],
  ["invitation", "email", "o.organization_id = t.organization_id and o.ended_at is null"],
  ["email_challenge", "email", "false"],
] as const;
