import { isJsonObject, type JsonObject, ownMember } from "../json-object.ts";

/** The features in the ServiceProviderConfig that the document depends on. */
export type OfferedFeatures = { readonly etag: boolean; readonly cursor: boolean; readonly bulk: boolean };

/** Reads the flags of a ServiceProviderConfig (RFC 7643 section 5, RFC 9865 section 4). */
export function offeredFeatures(config: JsonObject): OfferedFeatures {
  return {
    etag: isOn(config, "etag", "supported"),
    cursor: isOn(config, "pagination", "cursor"),
    bulk: isOn(config, "bulk", "supported"),
  };
}

function isOn(config: JsonObject, feature: string, name: string): boolean {
  const part = ownMember(config, feature);
  return isJsonObject(part) && ownMember(part, name) === true;
}
