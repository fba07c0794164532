import {
  findMember,
  groupColumns,
  isLookUp,
  listGroups,
  listResources,
  listUsers,
  userColumns,
  type SqlColumns,
} from "@rollcall/db";
import {
  groupResourceType,
  isRequested,
  listResponse,
  ok,
  parseSearchRequest,
  userResourceType,
  type QueryParameters,
} from "@rollcall/scim-protocol";
import { refuse, type ScimRequest, type Handler, type HandlerResult } from "../http/handler.ts";
import { shown as shownGroup } from "./groups.ts";
import { respondWithPage } from "./list.ts";
import { canonicalQuery, parseTypeQuery, soughtText, type TypeQuery } from "./query.ts";
import { shown as shownUser } from "./users.ts";

type Search = (request: ScimRequest, parameters: QueryParameters) => Promise<HandlerResult>;

/** A query in the URL (RFC 7644 section 3.4.2); at the root of the service it covers both types (section 3.4.2.1). */
export const listUsersHandler: Handler = (request) => searchUsers(request, request.query);
export const listGroupsHandler: Handler = (request) => searchGroups(request, request.query);
export const listResourcesHandler: Handler = (request) => searchResources(request, request.query);

/** The same query in the body of a POST to `.search` (section 3.4.3). */
export const searchUsersHandler: Handler = (request) => searchByBody(request, searchUsers);
export const searchGroupsHandler: Handler = (request) => searchByBody(request, searchGroups);
export const searchResourcesHandler: Handler = (request) => searchByBody(request, searchResources);

async function searchByBody(request: ScimRequest, search: Search): Promise<HandlerResult> {
  const parameters = parseSearchRequest(request.body);
  return parameters.ok ? search(request, parameters.value) : refuse(parameters.error);
}

/** The provider's look-up by userName has its own path because it is the most frequent request. */
async function searchUsers(request: ScimRequest, parameters: QueryParameters): Promise<HandlerResult> {
  const store = userColumns(request.baseUrl);
  const query = parseTypeQuery(parameters, userResourceType, store, request.quirks);
  if (!query.ok) return refuse(query.error);
  const { filter, order, projection } = query.value;
  const userName = soughtText(filter, "userName");
  if (userName !== undefined && isWholeListRequested(parameters)) return findUser(request, userName, query.value);
  const { baseUrl, credential, now } = request;
  return respondWithPage(request, parameters, {
    query: canonicalQuery(parameters, [[userResourceType, query.value]]),
    isCostly: isCostly(query.value, store),
    read: (sql, window) => listUsers(sql, credential, { filter, order, window, baseUrl }, now),
    show: (member) => shownUser(request, member, projection),
  });
}

/** True if paging is absent or as providers send it with a look-up: the response is then one person or none. */
function isWholeListRequested({ startIndex = "1", count = "100", cursor }: QueryParameters): boolean {
  return startIndex === "1" && /^[1-9]\d{0,2}$/.test(count) && cursor === undefined;
}

async function findUser(request: ScimRequest, userName: string, { projection }: TypeQuery): Promise<HandlerResult> {
  const { caller, found } = await findMember(request.database.sql, request.credential, userName, request.now);
  const users = found === null ? [] : [shownUser(request, found, projection)];
  const body = listResponse(users, { totalResults: users.length, startIndex: 1 });
  return { caller, result: ok({ status: 200, body }) };
}

/** Members are read only if the response contains them. */
async function searchGroups(request: ScimRequest, parameters: QueryParameters): Promise<HandlerResult> {
  const store = groupColumns(request.baseUrl);
  const query = parseTypeQuery(parameters, groupResourceType, store, request.quirks);
  if (!query.ok) return refuse(query.error);
  const { filter, order, projection } = query.value;
  const withMembers = isRequested(projection, "members");
  const { baseUrl, credential, now } = request;
  return respondWithPage(request, parameters, {
    query: canonicalQuery(parameters, [[groupResourceType, query.value]]),
    isCostly: isCostly(query.value, store),
    showsMembers: withMembers,
    read: (sql, window) => listGroups(sql, credential, { filter, order, window, withMembers, baseUrl }, now),
    show: (role) => shownGroup(request, role, projection),
  });
}

/** Users and Groups in one list and one order. An attribute of only one type counts as absent in the other. */
async function searchResources(request: ScimRequest, parameters: QueryParameters): Promise<HandlerResult> {
  const [userStore, groupStore] = [userColumns(request.baseUrl), groupColumns(request.baseUrl)];
  const users = parseTypeQuery(parameters, userResourceType, userStore, request.quirks, [groupResourceType]);
  if (!users.ok) return refuse(users.error);
  const groups = parseTypeQuery(parameters, groupResourceType, groupStore, request.quirks, [userResourceType]);
  if (!groups.ok) return refuse(groups.error);
  const { baseUrl, credential, now } = request;
  const input = {
    users: { filter: users.value.filter, sortColumn: users.value.order?.column },
    groups: { filter: groups.value.filter, sortColumn: groups.value.order?.column },
    isDescending: (users.value.order ?? groups.value.order)?.isDescending ?? false,
    withMembers: isRequested(groups.value.projection, "members"),
    baseUrl,
  };
  return respondWithPage(request, parameters, {
    query: canonicalQuery(parameters, [
      [userResourceType, users.value],
      [groupResourceType, groups.value],
    ]),
    isCostly: isCostly(users.value, userStore) || isCostly(groups.value, groupStore),
    showsMembers: input.withMembers,
    read: (sql, window) => listResources(sql, credential, { ...input, window }, now),
    show: (row) =>
      row.kind === "User"
        ? shownUser(request, row.member, users.value.projection)
        : shownGroup(request, row.role, groups.value.projection),
  });
}

/** Without a filter and an order the index returns the order of creation; any other query may have to read every row. */
function isCostly({ filter, order }: TypeQuery, store: SqlColumns): boolean {
  if (filter === undefined) return order !== undefined;
  return !isLookUp(filter, store);
}
