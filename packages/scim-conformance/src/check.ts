import type { Feature } from "./feature.ts";
import type { Target } from "./target.ts";

/** One assertion about a service, which names the clause that demands it. */
export type Check = {
  /** kebab-case, unique, for instance "filter-eq-ignores-case". */
  readonly id: string;
  /** For instance "RFC 7644 section 3.4.2.2". */
  readonly clause: string;
  /** One plain sentence of what must hold. */
  readonly title: string;
  /** What the service has to offer; else the check is skipped. */
  readonly needs?: Feature | readonly Feature[];
  /**
   * Throws a `Violation` where the service breaks the clause. It may change the five people and the two groups of the
   * cast, and nobody else: they are put back after every check that wrote something.
   */
  readonly run: (target: Target) => Promise<void>;
};
