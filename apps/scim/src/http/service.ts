import type { BoundedReads, ConcurrencyLimiter, Database } from "@rollcall/db";
import type { Logger } from "pino";
import type { RequestRecorder } from "../request-log/request-recorder.ts";
import type { FailedAuthentications } from "./failed-authentications.ts";
import type { KnownTokens } from "./known-tokens.ts";
import type { Metrics } from "./metrics.ts";
import type { PageAnchors } from "./page-anchors.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { UnknownTokens } from "./unknown-tokens.ts";

/** The state that all requests share: database, bounds and counters. */
export type Service = {
  readonly database: Database;
  readonly log: Logger;
  readonly recorder: RequestRecorder;
  readonly metrics: Metrics;
  readonly rateLimit: RateLimit;
  readonly tokens: KnownTokens;
  readonly unknownTokens: UnknownTokens;
  /** For confirming tokens while too many are unknown. */
  readonly confirmations: ConcurrencyLimiter;
  /** For bodies that are large or compressed. */
  readonly costlyBodies: ConcurrencyLimiter;
  readonly failedAuthentications: FailedAuthentications;
  readonly anchors: PageAnchors;
  readonly costlyReads: BoundedReads;
  /** For reads of many resources or group members. */
  readonly largeReads: ConcurrencyLimiter;
  /** For large responses, while a client reads them. */
  readonly openResponses: ConcurrencyLimiter;
  readonly publicUrl: string;
  /** True once the process is stopping. */
  readonly isStopping: () => boolean;
  readonly now: () => Date;
};
