import type { SsoProblem } from "@rollcall/domain";
import { SaxesParser, type SaxesTagNS } from "saxes";

/** The problem of a response that is not parsed further; `requestId` is not verified yet. */
export type StructureProblem = { readonly problem: SsoProblem; readonly requestId: string | null };

const protocol = "urn:oasis:names:tc:SAML:2.0:protocol";
const saml = "urn:oasis:names:tc:SAML:2.0:assertion";
const dsig = "http://www.w3.org/2000/09/xmldsig#";
const exclusiveC14n = "http://www.w3.org/2001/10/xml-exc-c14n#";

/** Fits an assertion that lists two thousand groups, each in an element that declares two namespaces. */
const bounds = {
  elements: 5000,
  depth: 32,
  attributes: 12_000,
  attributesPerElement: 24,
  prefixes: 24,
  prefixListLength: 400,
  prefixListNames: 16,
} as const;

/** The allowed occurrences of each element in its parent (XML Signature, section 4; SAML core, section 5.4). */
const placesByName: Readonly<Record<string, { readonly parents: readonly string[]; readonly max: number }>> = {
  [`${protocol} Response`]: { parents: [""], max: 1 },
  [`${saml} Assertion`]: { parents: [`${protocol} Response`], max: 1 },
  [`${saml} EncryptedAssertion`]: { parents: [`${protocol} Response`], max: 1 },
  [`${dsig} Signature`]: { parents: [`${protocol} Response`, `${saml} Assertion`], max: 1 },
  [`${dsig} SignedInfo`]: { parents: [`${dsig} Signature`], max: 1 },
  [`${dsig} SignatureValue`]: { parents: [`${dsig} Signature`], max: 1 },
  [`${dsig} CanonicalizationMethod`]: { parents: [`${dsig} SignedInfo`], max: 1 },
  [`${dsig} SignatureMethod`]: { parents: [`${dsig} SignedInfo`], max: 1 },
  [`${dsig} Reference`]: { parents: [`${dsig} SignedInfo`], max: 1 },
  [`${dsig} Transforms`]: { parents: [`${dsig} Reference`], max: 1 },
  [`${dsig} Transform`]: { parents: [`${dsig} Transforms`], max: 2 },
  [`${dsig} DigestMethod`]: { parents: [`${dsig} Reference`], max: 1 },
  [`${dsig} DigestValue`]: { parents: [`${dsig} Reference`], max: 1 },
  [`${dsig} Object`]: { parents: [], max: 0 },
  [`${dsig} Manifest`]: { parents: [], max: 0 },
  [`${exclusiveC14n} InclusiveNamespaces`]: {
    parents: [`${dsig} Transform`, `${dsig} CanonicalizationMethod`],
    max: 1,
  },
};

const sha2Digests = ["http://www.w3.org/2001/04/xmlenc#sha256", "http://www.w3.org/2001/04/xmlenc#sha512"] as const;
const sha2Signatures = [
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
  "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
] as const;

/** The allowed algorithms; SHA-1 can be forged. Judged after parsing, so that no spelling hides one. */
const algorithmsByName: Readonly<Record<string, readonly string[]>> = {
  [`${dsig} SignatureMethod`]: sha2Signatures,
  [`${dsig} DigestMethod`]: sha2Digests,
  [`${dsig} CanonicalizationMethod`]: [exclusiveC14n, `${exclusiveC14n}WithComments`],
  [`${dsig} Transform`]: [`${dsig}enveloped-signature`, exclusiveC14n, `${exclusiveC14n}WithComments`],
};

/**
 * Scans a SAML response once, in time linear in its length and without building a tree, and returns the reason why it
 * must not go to a library that builds a tree, looks up ids in it and canonicalises it; undefined if it may. Requires
 * one Response with at most one assertion as its child; signatures (one for each) as their direct children with one
 * Reference and at most two Transforms by algorithms that are secure today; unique ids; no document type, comment or
 * processing instruction; and bounds on size, depth, attributes and namespaces.
 */
export function problemOfStructure(xml: string): StructureProblem | undefined {
  const reader = new StructureReader();
  try {
    reader.read(xml);
    return undefined;
  } catch (cause) {
    if (cause instanceof Refused) return { problem: cause.problem, requestId: reader.requestId };
    // The parser's own message for XML that is not well-formed.
    return { problem: "malformed", requestId: null };
  }
}

/** Ends the scan at the first violation. */
class Refused extends Error {
  readonly problem: SsoProblem;
  constructor(problem: SsoProblem) {
    super(problem);
    this.problem = problem;
  }
}

type Open = { readonly name: string; readonly children: Map<string, number> };

class StructureReader {
  requestId: string | null = null;
  readonly #open: Open[] = [{ name: "", children: new Map() }];
  readonly #ids = new Set<string>();
  readonly #prefixes = new Set<string>();
  #elements = 0;
  #attributes = 0;

  read(xml: string): void {
    const parser = new SaxesParser({ xmlns: true, position: false });
    const refuse = (): never => {
      throw new Refused("malformed");
    };
    parser.on("error", (cause) => {
      throw cause;
    });
    parser.on("doctype", refuse);
    parser.on("comment", refuse);
    parser.on("processinginstruction", refuse);
    parser.on("opentag", (tag) => this.#enter(tag));
    parser.on("closetag", () => void this.#open.pop());
    parser.write(xml).close();
  }

  #enter(tag: SaxesTagNS): void {
    const name = `${tag.uri} ${tag.local}`;
    const parent = this.#open.at(-1);
    if (parent === undefined || this.#open.length > bounds.depth) throw new Refused("malformed");
    if (this.#elements === 0 && name !== `${protocol} Response`) throw new Refused("malformed");
    this.#elements += 1;
    if (this.#elements > bounds.elements) throw new Refused("malformed");
    const count = (parent.children.get(name) ?? 0) + 1;
    parent.children.set(name, count);
    const place = placesByName[name];
    if (place !== undefined && (count > place.max || !place.parents.includes(parent.name)))
      throw new Refused("malformed");
    this.#readAttributes(tag, name);
    this.#open.push({ name, children: new Map() });
  }

  #readAttributes(tag: SaxesTagNS, name: string): void {
    const attributes = Object.values(tag.attributes);
    this.#attributes += attributes.length;
    const isWide = attributes.length > bounds.attributesPerElement || this.#attributes > bounds.attributes;
    if (isWide) throw new Refused("malformed");
    for (const { prefix, local, value } of attributes) {
      if (prefix === "xmlns" || local === "xmlns") this.#prefixes.add(local);
      else if (/^id$/i.test(local)) this.#takeId(value);
      else if (local === "InResponseTo" && this.#elements === 1) this.requestId = value;
      else if (local === "PrefixList") checkPrefixList(value);
    }
    if (this.#prefixes.size > bounds.prefixes) throw new Refused("malformed");
    const allowed = algorithmsByName[name];
    if (allowed !== undefined && !allowed.includes(tag.attributes["Algorithm"]?.value ?? ""))
      throw new Refused("signature");
  }

  #takeId(id: string): void {
    if (this.#ids.has(id)) throw new Refused("malformed");
    this.#ids.add(id);
  }
}

function checkPrefixList(text: string): void {
  const isLong = text.length > bounds.prefixListLength || text.split(/\s+/).length > bounds.prefixListNames;
  if (isLong) throw new Refused("malformed");
}
