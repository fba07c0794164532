export { parseProjection, project, type Projection, isRequested } from "./attributes-and-excluded-attributes.ts";
export {
  type AttributeDefinition,
  type AttributeType,
  findAttribute,
  findSubAttribute,
  type ResourceTypeDefinition,
  type SchemaDefinition,
  type ScimResource,
} from "./attribute-characteristics.ts";
export { type AttributePath, printAttributePath } from "./attribute-notation.ts";
export { textLengthMax } from "./attribute-value.ts";
export { replaceBulkIds, referredBulkId } from "./bulk-id-temporary-identifiers.ts";
export { type BulkMethod, type BulkOperation, type BulkTarget, type BulkWork } from "./bulk-operation.ts";
export {
  bulkOperationsMax,
  bulkPayloadSizeMax,
  type BulkRequest,
  bulkResponse,
  type BulkResult,
  parseBulkRequest,
} from "./bulk-operations.ts";
export { parseDateTime } from "./date-time.ts";
export {
  badRequest,
  errorBody,
  type ErrorBody,
  quote,
  type ScimError,
  type ScimType,
} from "./error-response-handling.ts";
export { type Comparison, filterLengthMax, type FilterValue } from "./filter-grammar.ts";
export { countTerms, matchesFilter, rememberingFold } from "./filter-matching.ts";
export { type Filter, parseFilter } from "./filtering.ts";
export { groupResourceType, groupSchema } from "./group-resource-schema.ts";
export { openApiDocument } from "./openapi-document.ts";
export { parsePatchRequest, patchOperationsMax } from "./modifying-with-patch.ts";
export { cursorTimeoutS, defaultPageSize, pageSizeMax, type Paging, parsePaging } from "./pagination.ts";
export { namesAttribute, parseResource } from "./parse-resource.ts";
export { applyPatch } from "./patch-application.ts";
export { type PatchOperation } from "./patch-operation.ts";
export { type PatchPath, printPatchPath } from "./patch-path.ts";
export type { ProviderClient, ProviderExpectation, ProviderQuirk } from "./provider-quirk.ts";
export { providerExpectations } from "./provider-expectations.ts";
export { isQuirkId, providerQuirks, type QuirkId } from "./provider-quirks.ts";
export { problemOfParameter } from "./query-parameter-names.ts";
export { type ListResponse, listResponse } from "./query-resources.ts";
export { parseSearchRequest, type QueryParameters } from "./querying-resources-using-http-post.ts";
export { err, ok, type Result } from "./result.ts";
export {
  BULK_REQUEST,
  ENTERPRISE_USER_SCHEMA,
  ERROR,
  GROUP_SCHEMA,
  LIST_RESPONSE,
  mediaType,
  PATCH_OP,
  RESOURCE_TYPE_SCHEMA,
  SCHEMA_SCHEMA,
  SEARCH_REQUEST,
  SERVICE_PROVIDER_CONFIG_SCHEMA,
  USER_SCHEMA,
} from "./schema-uris.ts";
export {
  type DiscoveryOptions,
  resourceTypeById,
  resourceTypes,
  schemaById,
  schemas,
  serviceProviderConfig,
} from "./service-provider-configuration-endpoints.ts";
export { normaliseAddress, normaliseAuthorization, normaliseQuery, normaliseUser } from "./request-normalisation.ts";
export { isJsonObject } from "./json-object.ts";
export { parseSort, type Sort } from "./sorting.ts";
export { problemOfJson } from "./strict-json.ts";
export { compareText, foldText } from "./text-comparison.ts";
export { userResourceType, userSchema } from "./user-resource-schema.ts";
export {
  isConditional,
  judgePreconditions,
  parsePreconditions,
  type Preconditions,
  weakTag,
} from "./versioning-resources.ts";
