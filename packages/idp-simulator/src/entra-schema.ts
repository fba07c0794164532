import { z } from "zod";
import { readUnpaged, type RemoteUser, unexpected } from "./response-check.ts";
import type { ScimResponse } from "./connection.ts";
import { enterpriseSchema } from "./entra-wire.ts";
import { groupSchema, userSchema } from "./scim-wire.ts";

const subAttribute = z.looseObject({ name: z.string(), mutability: z.string() });
const attribute = subAttribute.extend({ multiValued: z.boolean(), subAttributes: z.array(subAttribute).optional() });
const schemaShape = z.looseObject({ id: z.string(), attributes: z.array(attribute) });

/** The paths of a person that the service declares writable, such as `name.givenName`. */
export type WritablePaths = ReadonlySet<string>;

/**
 * Reads the response to GET /Schemas as Entra's schema discovery does (E-DOC): a list with the schemas of users and
 * groups, camelCase values and no nulls. Errors: throws `UnexpectedResponse`.
 */
export function readSchemas(response: ScimResponse): WritablePaths {
  const schemas = readUnpaged(response, schemaShape, "a Schema");
  if (JSON.stringify(response.body).includes(":null")) throw unexpected(response, "should hold no null.");
  const person = schemas.find(({ id }) => id === userSchema);
  if (person === undefined) throw unexpected(response, `should hold ${userSchema}.`);
  if (!schemas.some(({ id }) => id === groupSchema)) throw unexpected(response, `should hold ${groupSchema}.`);
  const enterprise = schemas.find(({ id }) => id === enterpriseSchema);
  // A common attribute, which is in no schema and always writable (RFC 7643 section 3.1).
  const paths = ["externalId", ...writablePaths(response, person)];
  const extension = enterprise === undefined ? [] : writablePaths(response, enterprise);
  return new Set([...paths, ...extension.map((path) => `${enterpriseSchema}:${path}`)]);
}

/** The value of a person at a path without a filter; undefined if there is none. */
export function valueAtPath(user: RemoteUser, path: string): unknown {
  const inExtension = path.startsWith(`${enterpriseSchema}:`);
  const place = inExtension ? memberOf(user, enterpriseSchema) : user;
  const names = inExtension ? [path.slice(enterpriseSchema.length + 1)] : path.split(".");
  return names.reduce<unknown>(memberOf, place);
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

const mutabilities = ["readOnly", "readWrite", "immutable", "writeOnly"];

function writablePaths(response: ScimResponse, schema: z.infer<typeof schemaShape>): string[] {
  return schema.attributes.flatMap((definition) => {
    const { name, mutability, multiValued, subAttributes = [] } = definition;
    for (const one of [definition, ...subAttributes]) {
      if (mutabilities.includes(one.mutability)) continue;
      throw unexpected(
        response,
        `should write the mutability of ${one.name} as the RFC does, not "${one.mutability}".`,
      );
    }
    if (mutability !== "readWrite") return [];
    if (subAttributes.length === 0 || multiValued) return [name];
    return subAttributes.filter((part) => part.mutability === "readWrite").map((part) => `${name}.${part.name}`);
  });
}
