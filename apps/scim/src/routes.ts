import type { RequestHandler } from "express";
import { readBulkBytes } from "./http/body.ts";
import { bulkHandler } from "./resources/bulk.ts";
import type { Handler } from "./http/call.ts";
import {
  notOfferedHandler,
  resourceTypeHandler,
  resourceTypesHandler,
  schemaHandler,
  schemasHandler,
  serviceProviderConfigHandler,
} from "./resources/discovery.ts";
import {
  createGroupHandler,
  deleteGroupHandler,
  patchGroupHandler,
  readGroupHandler,
  replaceGroupHandler,
} from "./resources/groups.ts";
import {
  listGroupsHandler,
  listResourcesHandler,
  listUsersHandler,
  searchGroupsHandler,
  searchResourcesHandler,
  searchUsersHandler,
} from "./resources/search.ts";
import {
  createUserHandler,
  deleteUserHandler,
  patchUserHandler,
  readUserHandler,
  replaceUserHandler,
} from "./resources/users.ts";

type Method = "get" | "post" | "put" | "patch" | "delete";
export type Route = {
  readonly path: string;
  readonly handlers: Readonly<Partial<Record<Method, Handler>>>;
  /** Reads the body where its bounds are others than everywhere. */
  readonly readBody?: RequestHandler;
};

/** What POST /Bulk can do to each resource type: the handlers of the single calls. */
const bulk = bulkHandler({
  User: { POST: createUserHandler, PUT: replaceUserHandler, PATCH: patchUserHandler, DELETE: deleteUserHandler },
  Group: { POST: createGroupHandler, PUT: replaceGroupHandler, PATCH: patchGroupHandler, DELETE: deleteGroupHandler },
});

/** Every address of the service below its base path. Anything else is a 404, any other method a 405. */
export const routes: readonly Route[] = [
  // Before the addresses with an id: the first that fits answers.
  { path: "/Users/.search", handlers: { post: searchUsersHandler } },
  { path: "/Groups/.search", handlers: { post: searchGroupsHandler } },
  { path: "/Users", handlers: { get: listUsersHandler, post: createUserHandler } },
  {
    path: "/Users/:id",
    handlers: {
      get: readUserHandler,
      put: replaceUserHandler,
      patch: patchUserHandler,
      delete: deleteUserHandler,
    },
  },
  { path: "/Groups", handlers: { get: listGroupsHandler, post: createGroupHandler } },
  {
    path: "/Groups/:id",
    handlers: {
      get: readGroupHandler,
      put: replaceGroupHandler,
      patch: patchGroupHandler,
      delete: deleteGroupHandler,
    },
  },
  { path: "/ServiceProviderConfig", handlers: { get: serviceProviderConfigHandler } },
  { path: "/ResourceTypes", handlers: { get: resourceTypesHandler } },
  { path: "/ResourceTypes/:id", handlers: { get: resourceTypeHandler } },
  { path: "/Schemas", handlers: { get: schemasHandler } },
  { path: "/Schemas/:id", handlers: { get: schemaHandler } },
  { path: "/Bulk", handlers: { post: bulk }, readBody: readBulkBytes },
  { path: "/", handlers: { get: listResourcesHandler } },
  { path: "/.search", handlers: { post: searchResourcesHandler } },
  {
    path: "/Me",
    handlers: {
      get: notOfferedHandler,
      post: notOfferedHandler,
      put: notOfferedHandler,
      patch: notOfferedHandler,
      delete: notOfferedHandler,
    },
  },
];
