import { quote } from "../error.ts";
import { err, ok, type Result } from "../result.ts";

/**
 * One token of a filter. `start` and `end` count UTF-16 units from 0; `text` is the token as written, or the content of
 * a `string`. A `word` is a name, operator, keyword, number or anything else without spaces and brackets.
 */
export type Token = {
  readonly kind: "word" | "string" | "(" | ")" | "[" | "]" | "end";
  readonly text: string;
  readonly start: number;
  readonly end: number;
};

/**
 * Splits a filter or path into tokens; the last one is `end`. The error is a clause that says what is wrong and where.
 */
export function tokenize(text: string): Result<readonly Token[], string> {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    const character = text.charAt(position);
    if (/\s/.test(character)) {
      position += 1;
      continue;
    }
    const token = character === '"' ? readString(text, position) : ok(readPlain(text, position, character));
    if (!token.ok) return token;
    tokens.push(token.value);
    position = token.value.end;
  }
  tokens.push({ kind: "end", text: "", start: text.length, end: text.length });
  return ok(tokens);
}

/** The text of a token and its position, counted from 1. */
export function describeToken(token: Token): string {
  if (token.kind === "end") return "the end";
  const text = token.kind === "string" ? token.text.slice(1, -1) : token.text;
  return `${quote(text)} at character ${token.start + 1}`;
}

function readPlain(text: string, start: number, character: string): Token {
  if (character === "(" || character === ")" || character === "[" || character === "]") {
    return { kind: character, text: character, start, end: start + 1 };
  }
  const wordPattern = /[^\s()[\]"]+/y;
  wordPattern.lastIndex = start;
  const word = wordPattern.exec(text)?.[0] ?? character;
  return { kind: "word", text: word, start, end: start + word.length };
}

function readString(text: string, start: number): Result<Token, string> {
  let end = start + 1;
  while (end < text.length && text.charAt(end) !== '"') end += text.charAt(end) === "\\" ? 2 : 1;
  if (end >= text.length) return err(`the text in quotes at character ${start + 1} has no closing quote`);
  return ok({ kind: "string", text: text.slice(start, end + 1), start, end: end + 1 });
}
