import { createHash, randomUUID } from "node:crypto";
import { DatabaseError, type Pool } from "pg";
import { at, textAt } from "../json.ts";
import { change, create, findById, findByUserName } from "./statements.ts";

/** An HTTP response: its status and its JSON body. */
export type Reply = readonly [status: number, body: object];

type Row = {
  readonly id: string | null;
  readonly user_name: string;
  readonly given_name: string | null;
  readonly family_name: string | null;
  readonly display_name: string | null;
  readonly external_id: string | null;
  readonly active: boolean;
  readonly created_at: Date;
  readonly changed_at: Date;
};

type Statement = { readonly name: string; readonly text: string };

/** SCIM's User requests. The first argument is the hash of the client's token. */
export type People = {
  find(token: Buffer, filter: string): Promise<Reply>;
  get(token: Buffer, id: string): Promise<Reply>;
  create(token: Buffer, body: unknown): Promise<Reply>;
  /** PUT and PATCH alike: what a PATCH sets is read as a partial user. */
  change(token: Buffer, id: string, body: unknown): Promise<Reply>;
};

/** The minimum that serves SCIM's User requests: no validation, paging, projection or quirks. Not a product. */
export function people(pool: Pool, base: string): People {
  const run = async (statement: Statement, values: readonly unknown[]): Promise<readonly Row[]> =>
    (await pool.query<Row>({ name: statement.name, text: statement.text, values: [...values] })).rows;

  return {
    async find(token: Buffer, filter: string): Promise<Reply> {
      const userName = /^userName eq "([^"\\]*)"$/i.exec(filter)?.[1];
      if (userName === undefined) return refusal(400, "This filter is not known.");
      const rows = await run(findByUserName, [token, userName]);
      if (rows.length === 0) return unauthorized;
      const found = rows.filter((row) => row.id !== null).map((row) => userOf(row, base));
      const schemas = ["urn:ietf:params:scim:api:messages:2.0:ListResponse"];
      return [
        200,
        { schemas, totalResults: found.length, startIndex: 1, itemsPerPage: found.length, Resources: found },
      ];
    },

    async get(token: Buffer, id: string): Promise<Reply> {
      const [row] = await run(findById, [token, id]);
      if (row === undefined) return unauthorized;
      return row.id === null ? notFound : [200, userOf(row, base)];
    },

    async create(token: Buffer, body: unknown): Promise<Reply> {
      try {
        const [row] = await run(create, [token, randomUUID(), ...fieldsOf(body, true)]);
        return row === undefined ? unauthorized : [201, userOf(row, base)];
      } catch (cause) {
        if (cause instanceof DatabaseError && cause.code === "23505") return refusal(409, "This userName is in use.");
        throw cause;
      }
    },

    async change(token: Buffer, id: string, body: unknown): Promise<Reply> {
      const [row] = await run(change, [token, id, ...fieldsOf(at(body, "Operations", 0, "value") ?? body, null)]);
      return row === undefined ? notFound : [200, userOf(row, base)];
    },
  };
}

/** SHA-256 of the token that the header carries. */
export function tokenHash(authorization: string | undefined): Buffer {
  return createHash("sha256")
    .update((authorization ?? "").replace(/^Bearer /, ""))
    .digest();
}

export const notFound: Reply = refusal(404, "There is no such resource.");
const unauthorized: Reply = refusal(401, "The token is not known.");

export function refusal(status: number, detail: string): Reply {
  return [status, { schemas: ["urn:ietf:params:scim:api:messages:2.0:Error"], status: String(status), detail }];
}

function fieldsOf(body: unknown, activeDefault: boolean | null): readonly unknown[] {
  const texts = [["userName"], ["name", "givenName"], ["name", "familyName"], ["displayName"], ["externalId"]] as const;
  const active = at(body, "active");
  return [...texts.map((path) => textAt(body, ...path)), typeof active === "boolean" ? active : activeDefault];
}

function userOf(row: Row, base: string): object {
  return {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"],
    id: row.id,
    externalId: row.external_id ?? undefined,
    userName: row.user_name,
    name: { givenName: row.given_name ?? undefined, familyName: row.family_name ?? undefined },
    displayName: row.display_name ?? undefined,
    emails: [{ value: row.user_name, primary: true, type: "work" }],
    active: row.active,
    meta: {
      resourceType: "User",
      created: row.created_at,
      lastModified: row.changed_at,
      location: `${base}/Users/${row.id}`,
    },
  };
}
