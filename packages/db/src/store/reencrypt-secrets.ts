import { sql } from "kysely";
import type { Database } from "./database.ts";
import { sealedBy } from "./secret-box.ts";
import { firstIdAt } from "./id.ts";
import type { Queryable } from "./queryable.ts";

/** Numbers of secrets, by state. */
export type SecretsReport = {
  /** The current key; undefined: none is set, and nothing was done. */
  readonly keyId: string | undefined;
  /** Already encrypted with this key. */
  readonly current: number;
  /** Encrypted now: from the previous key or plain text. */
  readonly encrypted: number;
  /** Left as plain text, because no key is set. */
  readonly plain: number;
  /** Damaged, or encrypted with a key that is not set. Left unchanged. */
  readonly unreadable: number;
};

/** Every column with secrets; each value is bound to its row. */
const columns = [
  { table: "account", column: "totpSecret", place: "account/totp_secret" },
  { table: "mail", column: "body", place: "mail/body" },
] as const;
const batchSize = 500;
const batchesMax = 20_000;

/** Encrypts every secret that is not encrypted with the current key, row by row, while servers run. */
export async function reencryptSecrets(database: Database): Promise<SecretsReport> {
  const counts = { current: 0, encrypted: 0, plain: 0, unreadable: 0 };
  for (const { table, column, place } of columns) {
    let after = firstIdAt(new Date(0));
    for (let batch = 0; batch < batchesMax; batch++) {
      const rows = await database.transaction(async (tx) => {
        const found = await readSecrets(tx, { table, column }, after);
        for (const { id, value } of found) {
          const sealed = resealed(`${place}/${id}`, value);
          counts[sealed.state] += 1;
          if (sealed.state !== "encrypted") continue;
          await tx.db.updateTable(table).set(column, sealed.value).where("id", "=", id).execute();
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
      // The value cannot be read without its key; the report counts it.
      return { state: "unreadable", value };
    }
  }
}

type SecretColumn = Pick<(typeof columns)[number], "table" | "column">;

function readSecrets({ db }: Queryable, { table, column }: SecretColumn, after: string) {
  return db
    .selectFrom(table)
    .where(column, "is not", null)
    .where("id", ">", after)
    .select(["id", sql.ref<string>(column).as("value")])
    .orderBy("id")
    .limit(batchSize)
    .forNoKeyUpdate()
    .execute();
}
