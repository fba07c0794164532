import { describeToken, type Token, tokenize } from "./filter-lexer.ts";
import { isName } from "../schema/attribute-notation.ts";
import { err, ok, type Result } from "../result.ts";
import { problemOfText } from "../schema/text-comparison.ts";

/** The comparison operators of RFC 7644 section 3.4.2.2; `pr` is not one, as it takes no value. */
export type Comparison = (typeof comparisons)[number];
export type FilterValue = string | number | boolean | null;

/** A filter with unresolved names. */
export type FilterSyntax =
  | { readonly kind: "comparison"; readonly name: Token; readonly operator: Comparison; readonly value: FilterValue }
  | { readonly kind: "present"; readonly name: Token }
  | { readonly kind: "and" | "or"; readonly left: FilterSyntax; readonly right: FilterSyntax }
  | { readonly kind: "not"; readonly operand: FilterSyntax }
  | {
      readonly kind: "valuePath";
      readonly name: Token;
      readonly filter: FilterSyntax;
      /** It was written with a condition after the brackets, which is not in the RFC's grammar. */
      readonly isJoined?: true;
    };

/** A PATCH path with unresolved names: `name`, `name[filter]` or `name[filter].subAttribute`. */
export type PathSyntax = { readonly name: Token; readonly filter?: FilterSyntax; readonly subAttribute?: string };

const comparisons = ["eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"] as const;
/** Bounds on the cost of a hostile filter: characters, comparisons, and open brackets of any kind. */
export const filterLengthMax = 8192;
export const filterTermsMax = 200;
export const filterDepthMax = 30;

/**
 * Parses a whole filter: `not` binds tighter than `and`, and `and` tighter than `or`. The error says what and where.
 */
export function parseFilterSyntax(text: string): Result<FilterSyntax, string> {
  return parseWith(text, (cursor) => parseOr(cursor, false));
}

/** Parses the path of a PATCH operation (RFC 7644 section 3.5.2, figure 7). The error says what and where. */
export function parsePathSyntax(text: string): Result<PathSyntax, string> {
  return parseWith(text, parsePath);
}

/** The next token and the cost so far. Only these functions change it, during the parse of one text. */
type Cursor = { readonly tokens: readonly Token[]; index: number; terms: number; depth: number };
type Parsed<T> = Result<T, string>;

function parseWith<T>(text: string, parse: (cursor: Cursor) => Parsed<T>): Parsed<T> {
  if (text.length > filterLengthMax) return err(`it is longer than ${filterLengthMax} characters`);
  const problem = problemOfText(text);
  if (problem !== undefined) return err(`it holds ${problem}`);
  const tokens = tokenize(text);
  if (!tokens.ok) return tokens;
  const cursor: Cursor = { tokens: tokens.value, index: 0, terms: 0, depth: 0 };
  const parsed = parse(cursor);
  if (!parsed.ok) return parsed;
  const next = peek(cursor);
  return next.kind === "end" ? parsed : err(`${describeToken(next)} does not belong there`);
}

function parsePath(cursor: Cursor): Parsed<PathSyntax> {
  const name = take(cursor);
  if (name.kind !== "word") return err(`an attribute name is missing before ${describeToken(name)}`);
  if (!isAttached(peek(cursor), name, "[")) return ok({ name });
  const filter = parseBracketed(cursor, "]", true);
  if (!filter.ok) return filter;
  const subAttribute = takeSubAttribute(cursor);
  if (subAttribute === undefined) return ok({ name, filter: filter.value });
  if (!isName(subAttribute.text)) return err(`${describeToken(subAttribute)} is not the name of a sub-attribute`);
  return ok({ name, filter: filter.value, subAttribute: subAttribute.text });
}

function parseOr(cursor: Cursor, isInValuePath: boolean): Parsed<FilterSyntax> {
  return parseChain(cursor, "or", () => parseChain(cursor, "and", () => parseTerm(cursor, isInValuePath)));
}

function parseChain(cursor: Cursor, word: "and" | "or", parsePart: () => Parsed<FilterSyntax>): Parsed<FilterSyntax> {
  let left = parsePart();
  while (left.ok && isWord(peek(cursor), word)) {
    take(cursor);
    const right = parsePart();
    if (!right.ok) return right;
    left = ok({ kind: word, left: left.value, right: right.value });
  }
  return left;
}

function parseTerm(cursor: Cursor, isInValuePath: boolean): Parsed<FilterSyntax> {
  const first = peek(cursor);
  if (first.kind === "(") return parseBracketed(cursor, ")", isInValuePath);
  const second = cursor.tokens[cursor.index + 1];
  if (isWord(first, "not") && second?.kind === "(") {
    take(cursor);
    const operand = parseBracketed(cursor, ")", isInValuePath);
    return operand.ok ? ok({ kind: "not", operand: operand.value }) : operand;
  }
  if (first.kind !== "word") return err(`an attribute name is missing before ${describeToken(first)}`);
  take(cursor);
  if (!isAttached(peek(cursor), first, "[")) return parseCondition(cursor, first);
  if (isInValuePath) return err(`${describeToken(peek(cursor))} opens a value filter inside another one`);
  return parseValuePath(cursor, first);
}

function parseValuePath(cursor: Cursor, name: Token): Parsed<FilterSyntax> {
  const filter = parseBracketed(cursor, "]", true);
  if (!filter.ok) return filter;
  const subAttribute = takeSubAttribute(cursor);
  if (subAttribute === undefined) return ok({ kind: "valuePath", name, filter: filter.value });
  // A provider's `emails[type eq "work"].value eq "x"` means `emails[type eq "work" and value eq "x"]`.
  const condition = parseCondition(cursor, subAttribute);
  if (!condition.ok) return condition;
  const joined: FilterSyntax = { kind: "and", left: filter.value, right: condition.value };
  return ok({ kind: "valuePath", name, filter: joined, isJoined: true });
}

function parseBracketed(cursor: Cursor, closing: ")" | "]", isInValuePath: boolean): Parsed<FilterSyntax> {
  const opening = take(cursor);
  cursor.depth += 1;
  if (cursor.depth > filterDepthMax) return err(`it has more than ${filterDepthMax} brackets inside each other`);
  const inner = parseOr(cursor, isInValuePath);
  if (!inner.ok) return inner;
  const last = take(cursor);
  cursor.depth -= 1;
  if (last.kind === closing) return inner;
  return err(`${describeToken(opening)} is not closed; "${closing}" is expected before ${describeToken(last)}`);
}

function parseCondition(cursor: Cursor, name: Token): Parsed<FilterSyntax> {
  cursor.terms += 1;
  if (cursor.terms > filterTermsMax) return err(`it has more than ${filterTermsMax} comparisons`);
  const operator = take(cursor);
  if (isWord(operator, "pr")) return ok({ kind: "present", name });
  const comparison = comparisons.find((known) => isWord(operator, known));
  if (comparison === undefined) {
    return err(
      `after ${describeToken(name)} one of ${comparisons.join(", ")}, pr is expected, not ${describeToken(operator)}`,
    );
  }
  const value = parseLiteral(take(cursor));
  return value.ok ? ok({ kind: "comparison", name, operator: comparison, value: value.value }) : value;
}

function parseLiteral(token: Token): Parsed<FilterValue> {
  if (token.kind === "string") return parseStringLiteral(token);
  if (isWord(token, "true")) return ok(true);
  if (isWord(token, "false")) return ok(false);
  if (isWord(token, "null")) return ok(null);
  if (token.kind === "word" && /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(token.text))
    return ok(Number(token.text));
  return err(`a value is expected, not ${describeToken(token)}; put text in double quotes`);
}

function parseStringLiteral(token: Token): Parsed<FilterValue> {
  const value = parseJsonString(token.text);
  if (value === undefined) return err(`${describeToken(token)} is not a valid JSON string`);
  const problem = problemOfText(value);
  return problem === undefined ? ok(value) : err(`the text at character ${token.start + 1} holds ${problem}`);
}

/** The content of a text in double quotes; undefined if it is not valid JSON. */
export function parseJsonString(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The name after the dot of `].name`, if the next token is one; it must follow the bracket without a space. */
function takeSubAttribute(cursor: Cursor): Token | undefined {
  const next = peek(cursor);
  const bracket = cursor.tokens[cursor.index - 1];
  if (next.kind !== "word" || !next.text.startsWith(".") || bracket?.end !== next.start) return undefined;
  take(cursor);
  return { ...next, text: next.text.slice(1), start: next.start + 1 };
}

function isAttached(token: Token, before: Token, kind: Token["kind"]): boolean {
  return token.kind === kind && token.start === before.end;
}

function isWord(token: Token, word: string): boolean {
  return token.kind === "word" && token.text.toLowerCase() === word;
}

function peek(cursor: Cursor): Token {
  return cursor.tokens[cursor.index] ?? endToken;
}

function take(cursor: Cursor): Token {
  const token = peek(cursor);
  cursor.index += 1;
  return token;
}

const endToken: Token = { kind: "end", text: "", start: 0, end: 0 };
