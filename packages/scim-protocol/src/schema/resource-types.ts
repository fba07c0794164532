import type { ResourceTypeDefinition } from "./attribute-characteristics.ts";
import { groupResourceType } from "./group-schema.ts";
import { userResourceType } from "./user-schema.ts";

/** Every type of resource that the service has. */
export const allResourceTypes: readonly ResourceTypeDefinition[] = [userResourceType, groupResourceType];
