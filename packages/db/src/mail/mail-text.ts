/** A text of a mail, made by `mailTemplate` or `verbatim` and by nothing else. */
class MailText {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}
export type { MailText };

const valueMax = 300;

/**
 * Writes a text of a mail. What people have named (a person, an organization, a token) is put in on one line and without
 * what mail programs make links of: `https://evil.example` is written as `https: evil[.]example`. At most 300 characters of
 * each are kept.
 */
export function mailTemplate(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | MailText)[]
): MailText {
  const written = values.map((value) => (typeof value === "string" ? plain(value) : String(value)));
  return new MailText(strings.map((text, index) => text + (written[index] ?? "")).join(""));
}

/** Puts a text in as it is: a link of ours, a checked email address or domain. Never a name. */
export function verbatim(text: string): MailText {
  return new MailText(text);
}

function plain(text: string): string {
  const line = text
    .replaceAll(/\p{Cf}/gu, "")
    .replaceAll(/[\s\p{C}]+/gu, " ")
    .trim();
  const cut = line.length > valueMax ? `${line.slice(0, valueMax)}…` : line;
  return cut.replaceAll(/:[/\\]{2,}/gu, ": ").replaceAll(/[.\u2024\u3002\uff0e\uff61](?=\p{L}{2})/gu, "[.]");
}
