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
import { refuse, type Call, type Handler, type Reply } from "../http/call.ts";
import { shown as shownGroup } from "./groups.ts";
import { answerPage } from "./list.ts";
import { canonicalQuery, parseTypeQuery, soughtText, type TypeQuery } from "./query.ts";
import { shown as shownUser } from "./users.ts";

type Search = (call: Call, parameters: QueryParameters) => Promise<Reply>;

/** A query in the URL (RFC 7644 section 3.4.2); at the root of the service it runs over both types (section 3.4.2.1). */
export const listUsersHandler: Handler = (call) => searchUsers(call, call.query);
export const listGroupsHandler: Handler = (call) => searchGroups(call, call.query);
export const listResourcesHandler: Handler = (call) => searchResources(call, call.query);

/** The same query in the body of a POST to `.search` (section 3.4.3). */
export const searchUsersHandler: Handler = (call) => searchByBody(call, searchUsers);
export const searchGroupsHandler: Handler = (call) => searchByBody(call, searchGroups);
export const searchResourcesHandler: Handler = (call) => searchByBody(call, searchResources);

async function searchByBody(call: Call, search: Search): Promise<Reply> {
  const parameters = parseSearchRequest(call.body);
  return parameters.ok ? search(call, parameters.value) : refuse(parameters.error);
}

/** The provider's look-up by userName has a path of its own: it is the hot one. */
async function searchUsers(call: Call, parameters: QueryParameters): Promise<Reply> {
  const store = userColumns(call.baseUrl);
  const query = parseTypeQuery(parameters, userResourceType, store, call.quirks);
  if (!query.ok) return refuse(query.error);
  const { filter, order, projection } = query.value;
  const userName = soughtText(filter, "userName");
  if (userName !== undefined && isWholeListAsked(parameters)) return findUser(call, userName, query.value);
  const { baseUrl, credential, now } = call;
  return answerPage(call, parameters, {
    query: canonicalQuery(parameters, [[userResourceType, query.value]]),
    isCostly: isCostly(query.value, store),
    read: (sql, window) => listUsers(sql, credential, { filter, order, window, baseUrl }, now),
    show: (member) => shownUser(call, member, projection),
  });
}

/** Nothing about pages but what providers send along with a look-up: then one person or none is the whole answer. */
function isWholeListAsked({ startIndex = "1", count = "100", cursor }: QueryParameters): boolean {
  return startIndex === "1" && /^[1-9]\d{0,2}$/.test(count) && cursor === undefined;
}

async function findUser(call: Call, userName: string, { projection }: TypeQuery): Promise<Reply> {
  const { caller, found } = await findMember(call.database.sql, call.credential, userName, call.now);
  const users = found === null ? [] : [shownUser(call, found, projection)];
  const body = listResponse(users, { totalResults: users.length, startIndex: 1 });
  return { caller, result: ok({ status: 200, body }) };
}

/** Members are read only where the answer shows them. */
async function searchGroups(call: Call, parameters: QueryParameters): Promise<Reply> {
  const store = groupColumns(call.baseUrl);
  const query = parseTypeQuery(parameters, groupResourceType, store, call.quirks);
  if (!query.ok) return refuse(query.error);
  const { filter, order, projection } = query.value;
  const withMembers = isRequested(projection, "members");
  const withVersion = isRequested(projection, "meta");
  const { baseUrl, credential, now } = call;
  return answerPage(call, parameters, {
    query: canonicalQuery(parameters, [[groupResourceType, query.value]]),
    isCostly: isCostly(query.value, store),
    showsMembers: withMembers,
    read: (sql, window) =>
      listGroups(sql, credential, { filter, order, window, withMembers, withVersion, baseUrl }, now),
    show: (role) => shownGroup(call, role, projection),
  });
}

/** Users and Groups in one list and one order. What only one type has counts as absent in the other. */
async function searchResources(call: Call, parameters: QueryParameters): Promise<Reply> {
  const [userStore, groupStore] = [userColumns(call.baseUrl), groupColumns(call.baseUrl)];
  const users = parseTypeQuery(parameters, userResourceType, userStore, call.quirks, [groupResourceType]);
  if (!users.ok) return refuse(users.error);
  const groups = parseTypeQuery(parameters, groupResourceType, groupStore, call.quirks, [userResourceType]);
  if (!groups.ok) return refuse(groups.error);
  const { baseUrl, credential, now } = call;
  const input = {
    users: { filter: users.value.filter, sortColumn: users.value.order?.column },
    groups: { filter: groups.value.filter, sortColumn: groups.value.order?.column },
    isDescending: (users.value.order ?? groups.value.order)?.isDescending ?? false,
    withMembers: isRequested(groups.value.projection, "members"),
    withVersion: isRequested(groups.value.projection, "meta"),
    baseUrl,
  };
  return answerPage(call, parameters, {
    query: canonicalQuery(parameters, [
      [userResourceType, users.value],
      [groupResourceType, groups.value],
    ]),
    isCostly: isCostly(users.value, userStore) || isCostly(groups.value, groupStore),
    showsMembers: input.withMembers,
    read: (sql, window) => listResources(sql, credential, { ...input, window }, now),
    show: (row) =>
      row.kind === "User"
        ? shownUser(call, row.member, users.value.projection)
        : shownGroup(call, row.role, groups.value.projection),
  });
}

/** Without a filter and an order the index answers in the order of creation; anything else may have to read everybody. */
function isCostly({ filter, order }: TypeQuery, store: SqlColumns): boolean {
  if (filter === undefined) return order !== undefined;
  return !isLookUp(filter, store);
}
