import { Migration } from "@mikro-orm/migrations";
import { asciiDomain, domainKey, emailKey } from "@rollcall/domain";
import { z } from "zod";

/**
 * Writes keys of addresses with `xn--` in their domain, and domains that are not ASCII, in the form of today. SQL knows no
 * Punycode, so that the rows are read first. A key that another account, or another member of the organization, has by
 * now stays as it was: the address must be changed by hand.
 */
export class TrustAddressKeys extends Migration {
  override async up(): Promise<void> {
    for (const [table, address, others] of addresses) {
      const rows: unknown = await this.execute(
        `select distinct ${address} as address, ${address}_key as key from ${table} where ${address}_key like '%@%xn--%'`,
      );
      for (const { address: text, key } of z.array(addressRow).parse(rows)) {
        const values = [emailKey(text), key, emailKey(text)];
        await this.execute(
          `update ${table} t set ${address}_key = ? where ${address}_key = ? and not exists (select 1 from ${table} o
            where o.${address}_key = ? and ${others})`,
          values,
        );
      }
    }
    for (const table of ["verified_domain", "domain_claim"]) {
      for (const domain of await this.domains(table, String.raw`[^\x01-\x7f]`)) {
        const ascii = asciiDomain(domain);
        await this.execute(
          `update ${table} set domain = ? where domain = ? and not exists (select 1 from ${table} o where o.domain = ?)`,
          [ascii, domain, ascii],
        );
      }
    }
    for (const domain of await this.domains("verified_domain", "xn--")) {
      await this.execute("update verified_domain set domain_key = ? where domain = ?", [domainKey(domain), domain]);
    }
  }

  override down(): void {
    throw new Error("The keys have no way back: restore a backup instead.");
  }

  private async domains(table: string, pattern: string): Promise<readonly string[]> {
    const rows: unknown = await this.execute(`select distinct domain from ${table} where domain ~ '${pattern}'`);
    return z
      .array(z.object({ domain: z.string() }))
      .parse(rows)
      .map(({ domain }) => domain);
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
