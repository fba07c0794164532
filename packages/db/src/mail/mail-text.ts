/** A text of a mail, created only by `mailTemplate` or `verbatim`. */
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
 * Builds a text of a mail. Names given by people (a person, an organization, a token) are put on one line, without
 * anything that mail programs turn into links: `https://evil.example` becomes `https: evil[.]example`. At most 300
 * characters of each are kept.
 */
export function mailTemplate(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | MailText)[]
): MailText {
  const written = values.map((value) => (typeof value === "string" ? plain(value) : String(value)));
  return new MailText(strings.map((text, index) => text + (written[index] ?? "")).join(""));
}

/** Inserts a text unchanged: a link of ours, a checked email address or domain. Never a name. */
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
