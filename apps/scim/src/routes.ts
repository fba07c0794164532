import type { RequestHandler } from "express";
import { readBulkBytes } from "./http/body.ts";
import { bulkHandler } from "./resources/bulk.ts";
import type { Handler } from "./http/handler.ts";
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
  /** Reads the body, for a route with its own size limit. */
  readonly readBody?: RequestHandler;
};

/** The handlers of the single requests that POST /Bulk can run. */
const bulk = bulkHandler({
  User: { POST: createUserHandler, PUT: replaceUserHandler, PATCH: patchUserHandler, DELETE: deleteUserHandler },
  Group: { POST: createGroupHandler, PUT: replaceGroupHandler, PATCH: patchGroupHandler, DELETE: deleteGroupHandler },
});

/** Every path of the service below its base path. Any other path is 404, any other method 405. */
export const routes: readonly Route[] = [
  { path: "/Users", handlers: { get: listUsersHandler, post: createUserHandler } },
  // Before the path with an id, because the first match wins.
  { path: "/Users/.search", handlers: { post: searchUsersHandler } },
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
  { path: "/Groups/.search", handlers: { post: searchGroupsHandler } },
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
