import type { JsonSchema } from "./openapi-attributes.ts";

/** The primitive values of SCIM's messages in JSON Schema. */
export const text = { type: "string" } as const;
export const uri = { type: "string", format: "uri" } as const;
export const size = { type: "integer", minimum: 0 } as const;
export const texts = { type: "array", items: text } as const;

export function listOf(items: JsonSchema): JsonSchema {
  return { type: "array", items };
}
