import { z } from "zod";
import type { Database } from "./database.ts";
import { sealedBy } from "./secret-box.ts";
import { firstIdAt } from "./id.ts";

/** What became of the secrets in the database, in rows. */
export type SecretsReport = {
  /** The key that they are encrypted with now; undefined: there is none, and nothing was done. */
  readonly keyId: string | undefined;
  /** Encrypted before, with this key. */
  readonly current: number;
  /** Encrypted anew: by the previous key or not at all before. */
  readonly encrypted: number;
  /** In plain text still, as there is no key. */
  readonly plain: number;
  /** Of a key that is not set, or damaged. They are left as they are. */
  readonly unreadable: number;
};

/** Every column with secrets; each value is encrypted for its own row. */
const columns = [
  { table: "account", column: "totp_secret" },
  { table: "mail", column: "body" },
] as const;
const batchSize = 500;
const batchesMax = 20_000;

/** Encrypts every secret that is not encrypted with the current key, row by row, beside running servers. */
export async function reencryptSecrets(database: Database): Promise<SecretsReport> {
  const counts = { current: 0, encrypted: 0, plain: 0, unreadable: 0 };
  for (const { table, column } of columns) {
    let after = firstIdAt(new Date(0));
    for (let batch = 0; batch < batchesMax; batch++) {
      const rows = await database.transaction(async (tx) => {
        const { read, write } = statementsOf(table, column);
        const found = (await tx.query(read, [after, batchSize])).map((row) => secretRow.parse(row));
        for (const { id, value } of found) {
          const sealed = resealed(`${table}/${column}/${id}`, value);
          counts[sealed.state] += 1;
          if (sealed.state === "encrypted") await tx.query(write, [id, sealed.value]);
        }
        return found;
      });
      after = rows.at(-1)?.id ?? after;
      if (rows.length < batchSize) break;
    }
  }
  return { keyId: database.sql.secrets.keyId, ...counts };

  function resealed(place: string, value: string): { readonly state: keyof typeof counts; readonly value: string } {
    const { secrets } = database.sql;
    if (secrets.keyId === undefined) return { state: sealedBy(value) === undefined ? "plain" : "unreadable", value };
    try {
      const text = secrets.open(place, value);
      return sealedBy(value) === secrets.keyId
        ? { state: "current", value }
        : { state: "encrypted", value: secrets.seal(place, text) };
    } catch {
      // The report says so; nobody can read it without its key.
      return { state: "unreadable", value };
    }
  }
}

function statementsOf(table: string, column: string) {
  return {
    read: {
      name: `${table}_secrets`,
      text: `select id, ${column} as value from ${table} where ${column} is not null and id > $1 order by id limit $2
        for no key update`,
    },
    write: { name: `${table}_secret_save`, text: `update ${table} set ${column} = $2 where id = $1` },
  };
}

const secretRow = z.object({ id: z.string(), value: z.string() });
