import { expect, test } from "vitest";
import { mailTemplate, verbatim } from "./mail-text.ts";

// A name must not add links or paragraphs to a mail.
test.each([
  ["Pam Beesly", "Pam Beesly"],
  ["J.R.R. Tolkien", "J.R.R. Tolkien"],
  ["Visit https://evil.example now", "Visit https: evil[.]example now"],
  ["www.evil.example/x?y=1", "www[.]evil[.]example/x?y=1"],
  ["pam@evil.example", "pam@evil[.]example"],
  ["evil\u3002example evil\uff0eexample", "evil[.]example evil[.]example"],
  ["evil\u200b.\u200bexample", "evil[.]example"],
  ["Pam\r\n\r\nYour account is locked:\u2028call us\u0000", "Pam Your account is locked: call us"],
  ["\u202egnp.exe", "gnp[.]exe"],
  ["x".repeat(400), `${"x".repeat(300)}…`],
])("the name %j is written as %j", (name, written) => {
  expect(String(mailTemplate`Hello ${name},\n\nwelcome.`)).toBe(`Hello ${written},\n\nwelcome.`);
});

test("numbers, links and nested texts stay unchanged", () => {
  const predicate = mailTemplate`created “${"a.evil"}”`;
  expect(String(mailTemplate`${3} times: ${predicate}. ${verbatim("https://x.example/?t=1")}`)).toBe(
    "3 times: created “a[.]evil”. https://x.example/?t=1",
  );
});
