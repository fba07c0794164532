import type { ResourceTypeDefinition } from "./attribute-characteristics.ts";
import { groupResourceType } from "./group-schema.ts";
import { userResourceType } from "./user-schema.ts";

export const allResourceTypes: readonly ResourceTypeDefinition[] = [userResourceType, groupResourceType];
