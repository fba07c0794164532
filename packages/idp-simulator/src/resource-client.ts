import { randomUUID } from "node:crypto";
import type { ScimResponse, Send } from "./connection.ts";
import {
  checkEcho,
  checkStatus,
  type Located,
  type Page,
  readPage,
  readRefusal,
  readResource,
  type ResourceKind,
  unexpected,
  type Window,
} from "./response-check.ts";

/** A person or group of the provider's own directory; `remoteId` is the id in the service, null if it is not there. */
export type Provisioned = { readonly id: string; remoteId: string | null };

/** Throws if the person or group is not in the service. */
export function remoteIdOf({ id, remoteId }: Provisioned): string {
  if (remoteId === null) throw new Error(`${id} is not in the service.`);
  return remoteId;
}

type Read<T> = { readonly response: ScimResponse; readonly resource: T };

/**
 * A provider's requests about people or about groups, with the checks that every provider makes. `get`, `post`, `put`,
 * `patch` and `delete` return the response unchecked. Errors: the other methods throw `UnexpectedResponse`.
 */
export class ResourceClient<T extends Located> {
  /** The resources that `create` has created and `delete` has not deleted. */
  readonly createdIds = new Set<string>();
  readonly #send: Send;
  readonly #kind: ResourceKind<T>;
  readonly #endpoint: string;

  constructor(send: Send, kind: ResourceKind<T>) {
    this.#send = send;
    this.#kind = kind;
    this.#endpoint = `/${kind.name}s`;
  }

  get(id: string, query = ""): Promise<ScimResponse> {
    return this.#send({ method: "GET", path: this.#pathOf(id) + query });
  }

  post(body: object): Promise<ScimResponse> {
    return this.#send({ method: "POST", path: this.#endpoint, body });
  }

  put(id: string, body: object): Promise<ScimResponse> {
    return this.#send({ method: "PUT", path: this.#pathOf(id), body });
  }

  patch(id: string, body: object): Promise<ScimResponse> {
    return this.#send({ method: "PATCH", path: this.#pathOf(id), body });
  }

  async delete(id: string): Promise<ScimResponse> {
    const response = await this.#send({ method: "DELETE", path: this.#pathOf(id) });
    if (response.exchange.status === 204) this.createdIds.delete(id);
    return response;
  }

  async page(query: string, window: Window): Promise<{ readonly response: ScimResponse; readonly page: Page<T> }> {
    const response = await this.search(query);
    return { response, page: readPage(response, this.#kind, window) };
  }

  /** GET of the collection, unchecked. */
  search(query: string): Promise<ScimResponse> {
    return this.#send({ method: "GET", path: this.#endpoint + query });
  }

  /** The resource that a filter finds, which may be one at most. */
  async find(
    query: string,
    window: Window,
  ): Promise<{ readonly response: ScimResponse; readonly found: T | undefined }> {
    const { response, page } = await this.page(query, window);
    const [found, other] = page.resources;
    if (other === undefined) return { response, found };
    throw unexpected(response, `should find at most one ${this.#kind.noun}, but finds ${page.resources.length}.`);
  }

  async read(id: string, query = ""): Promise<Read<T>> {
    const response = await this.get(id, query);
    const resource = this.readAs(response, 200);
    checkEcho(response, "id", id, resource.id);
    return { response, resource };
  }

  async create(body: object): Promise<Read<T>> {
    const response = await this.post(body);
    const resource = this.readAs(response, 201);
    this.createdIds.add(resource.id);
    return { response, resource };
  }

  /** POSTs an existing resource. Returns the error's detail. */
  async createAgain(body: object): Promise<string> {
    return readRefusal(await this.post(body), 409);
  }

  readAs(response: ScimResponse, status: number): T {
    checkStatus(response, status);
    return readResource(response, this.#kind);
  }

  /** The resource in the response to a PATCH, which may return it (200) or not (204). */
  readPatched(response: ScimResponse, statuses: readonly number[] = [200, 204]): T | undefined {
    checkStatus(response, ...statuses);
    return response.exchange.status === 200 ? readResource(response, this.#kind) : undefined;
  }

  /** DELETE; afterwards the id is unknown to a GET with this query, which calls `onGone`, and to a second DELETE. */
  async deleteForGood(id: string, query = "", onGone: () => void = () => undefined): Promise<void> {
    checkStatus(await this.delete(id), 204);
    readRefusal(await this.get(id, query), 404);
    onGone();
    readRefusal(await this.delete(id), 404);
  }

  /** DELETE of an id that the service has never had. Returns the error's detail. */
  async deleteUnknown(): Promise<string> {
    return readRefusal(await this.delete(randomUUID()), 404);
  }

  #pathOf(id: string): string {
    return `${this.#endpoint}/${encodeURIComponent(id)}`;
  }
}

/** The Location header of a create must be the created resource's. */
export function checkLocation({ response, resource }: Read<Located>): void {
  checkEcho(response, "Location", resource.meta.location, response.location);
}
