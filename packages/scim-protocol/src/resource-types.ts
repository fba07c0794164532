import type { ResourceTypeDefinition } from "./attribute-characteristics.ts";
import { groupResourceType } from "./group-resource-schema.ts";
import { userResourceType } from "./user-resource-schema.ts";

/** Every type of resource that the service has. */
export const allResourceTypes: readonly ResourceTypeDefinition[] = [userResourceType, groupResourceType];
