export { parseProjection, project, type Projection, isRequested } from "./projection.ts";
export {
  type AttributeDefinition,
  type AttributeType,
  findAttribute,
  findSubAttribute,
  type ResourceTypeDefinition,
  type SchemaDefinition,
  type ScimResource,
} from "./schema/attribute-characteristics.ts";
export { type AttributePath, printAttributePath } from "./schema/attribute-notation.ts";
export { textLengthMax } from "./schema/attribute-value.ts";
export { replaceBulkIds, referredBulkId } from "./bulk/bulk-id.ts";
export { type BulkMethod, type BulkOperation, type BulkTarget, type BulkWork } from "./bulk/bulk-operation.ts";
export {
  bulkOperationsMax,
  bulkPayloadSizeMax,
  type BulkRequest,
  bulkResponse,
  type BulkResult,
  parseBulkRequest,
} from "./bulk/bulk-request.ts";
export { parseDateTime } from "./schema/date-time.ts";
export { badRequest, errorBody, type ErrorBody, quote, type ScimError, type ScimType } from "./error.ts";
export { type Comparison, filterLengthMax, type FilterValue } from "./filter/filter-grammar.ts";
export { countTerms, type Filter, matchesFilter, rememberingFold } from "./filter/filter-matching.ts";
export { parseFilter } from "./filter/filter.ts";
export { groupResourceType, groupSchema } from "./schema/group-schema.ts";
export { openApiDocument } from "./openapi/openapi-document.ts";
export { parsePatchRequest, patchOperationsMax, patchOperationsOn } from "./patch/patch.ts";
export { cursorTimeoutS, defaultPageSize, pageSizeMax, type Paging, parsePaging } from "./paging.ts";
export { attributeOf, namesAttribute, parseResource } from "./schema/parse-resource.ts";
export { applyPatch } from "./patch/patch-application.ts";
export { type PatchOperation } from "./patch/patch-operation.ts";
export { type PatchPath, printPatchPath } from "./patch/patch-path.ts";
export type { ProviderClient, ProviderExpectation, ProviderQuirk } from "./quirks/provider-quirk.ts";
export { providerExpectations } from "./quirks/provider-expectations.ts";
export { isQuirkId, providerQuirks, type QuirkId } from "./quirks/provider-quirks.ts";
export { problemOfParameter } from "./query-parameter-names.ts";
export { type ListResponse, listResponse } from "./list-response.ts";
export { parseSearchRequest, type QueryParameters } from "./search-request.ts";
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
} from "./schema/schema-uris.ts";
export {
  type DiscoveryOptions,
  resourceTypeById,
  resourceTypes,
  schemaById,
  schemas,
  serviceProviderConfig,
} from "./discovery.ts";
export {
  normalizeAddress,
  normalizeAuthorization,
  normalizeQuery,
  normalizeUser,
} from "./quirks/request-normalization.ts";
export { isJsonObject } from "./json-object.ts";
export { parseSort, type Sort } from "./sorting.ts";
export { problemOfJson } from "./strict-json.ts";
export { compareText, foldText } from "./schema/text-comparison.ts";
export { userResourceType, userSchema } from "./schema/user-schema.ts";
export { isConditional, judgePreconditions, parsePreconditions, type Preconditions, weakTag } from "./etag.ts";
