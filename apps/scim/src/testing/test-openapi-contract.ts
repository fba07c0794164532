import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { z } from "zod";
import type { ScimResponse } from "./test-client.ts";

const reference = z.object({ $ref: z.string() });
const header = z.object({ required: z.boolean(), schema: z.record(z.string(), z.unknown()) });
const describedResponse = z.object({
  headers: z.record(z.string(), z.unknown()),
  content: z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })).optional(),
});
const operation = z.looseObject({
  responses: z.record(z.string(), z.unknown()),
  requestBody: z
    .object({ content: z.record(z.string(), z.object({ schema: z.record(z.string(), z.unknown()) })) })
    .optional(),
});
export const documentShape = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.record(z.string(), z.record(z.string(), z.unknown())),
});

export type Contract = {
  /** The undocumented part of a response; undefined if it is as documented. `path` as in the document. */
  problemOfResponse(method: string, path: string, response: ScimResponse): string | undefined;
  /** The undocumented part of a request body. */
  problemOfBody(method: string, path: string, body: unknown): string | undefined;
};

/** Checks responses against an OpenAPI document. For tests only. */
export function contractOf(document: unknown): Contract {
  const { paths, components } = documentShape.parse(document);
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  const resolve = (value: unknown): unknown => {
    const ref = reference.safeParse(value);
    if (!ref.success) return value;
    const [, , group = "", name = ""] = ref.data.$ref.split("/");
    return components[group]?.[name];
  };
  const problemOf = (schema: object, value: unknown): string | undefined =>
    ajv.validate({ ...schema, components }, value) ? undefined : ajv.errorsText();
  const problemOfHeaders = (headers: Readonly<Record<string, unknown>>, response: ScimResponse): string | undefined => {
    for (const [name, described] of Object.entries(headers)) {
      const { schema } = header.parse(resolve(described));
      const text = response.headers.get(name);
      if (text === null) return `the header ${name} is missing`;
      const problem = problemOf(schema, schema["type"] === "integer" ? Number(text) : text);
      if (problem !== undefined) return `the header ${name}: ${problem}`;
    }
    return undefined;
  };
  return {
    problemOfResponse(method, path, response) {
      const described = resolve(paths[path]?.[method.toLowerCase()]?.responses[String(response.status)]);
      if (described === undefined) return `${method} ${path} has no response ${response.status}`;
      const { headers, content } = describedResponse.parse(described);
      const problem = problemOfHeaders(headers, response);
      if (problem !== undefined) return problem;
      if (content === undefined) return response.text === "" ? undefined : "there is a body and none is documented";
      const type = response.headers.get("content-type") ?? "";
      const media = content[type];
      return media === undefined ? `the type ${type} is not documented` : problemOf(media.schema, response.body);
    },
    problemOfBody(method, path, body) {
      const media = paths[path]?.[method.toLowerCase()]?.requestBody?.content["application/scim+json"];
      return media === undefined ? "no body is documented" : problemOf(media.schema, body);
    },
  };
}
