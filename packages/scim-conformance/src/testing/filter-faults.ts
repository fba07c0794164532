import { changingBody, emptied, error, filter, status, when, without, type Fault, type Faults } from "./fault.ts";
import { filterReadAs, withoutParameter } from "./fault-kinds.ts";

function notUnderstood(pattern: RegExp): Fault {
  return when(filter(pattern), () => error(400, "invalidFilter"));
}

export const filterFaults = {
  "a filter that is ignored": withoutParameter("filter"),
  // Operators that are taken for others, and filters that are not understood.
  "a filter that is ignored where it cannot be read": {
    response: ({ request, response, send }) =>
      response.status === 400 ? send({ ...request, query: new URLSearchParams() }) : response,
  },
  "a filter that is refused without a scimType": changingBody(status(400), (body) => without(body, "scimType")),
  "eq read as ne": filterReadAs(/ eq /, " ne "),
  "texts that are compared letter by letter": when(filter(/"[^"]*[A-Z]{4}[^"]*"/), emptied),
  "capital letters that come before all small ones": filterReadAs(/"Cantor"/, '"AAA"'),
  "ne that compares letter by letter": filterReadAs(/"ADA conformance"/, '"nobody"'),
  "an externalId in any letter case": filterReadAs(/-external-/, "-External-"),
  "a boolean that is always true": filterReadAs(/active eq (?:true|false)/, "userName pr"),
  "ne that omits people without a value": filterReadAs(
    /displayName ne ("[^"]*")/,
    "(displayName ne $1 and displayName pr)",
  ),
  "ne read as eq": filterReadAs(/ ne /, " eq "),
  "co read as eq": filterReadAs(/ co /, " eq "),
  "co read as sw": filterReadAs(/ co /, " sw "),
  "sw read as co": filterReadAs(/displayName sw /, "displayName co "),
  "ew read as co": filterReadAs(/ ew /, " co "),
  "gt read as ge": filterReadAs(/ gt /, " ge "),
  "ge read as gt": filterReadAs(/ ge /, " gt "),
  "lt read as le": filterReadAs(/ lt /, " le "),
  "le read as lt": filterReadAs(/ le /, " lt "),
  "pr that holds for everybody": filterReadAs(/displayName pr/, "userName pr"),
  "pr on a complex attribute that is not understood": notUnderstood(/\(name pr\)/),
  "no value that is compared as an empty text": filterReadAs(
    /displayName lt ("[^"]*")/,
    "(displayName lt $1 or not (displayName pr))",
  ),
  "an offset that is ignored": filterReadAs(/[+-]\d\d:\d\d"/, 'Z"'),
  "times that are compared backwards": filterReadAs(/ gt "2011/, ' lt "2011'),
  "a sub-attribute that is taken for another": filterReadAs(/name\.givenName/, "name.familyName"),
  "values of which only the second one is compared": when(filter(/emails\.value/), emptied),
  "square brackets that are ignored": filterReadAs(/emails\[.*?\]/, "emails pr"),
  "a filter that is read as far as its square brackets": filterReadAs(/\] and [^)]*/, "]"),
  "a boolean in square brackets that is never true": filterReadAs(/primary eq true/, "primary eq false"),
  // Conditions that are joined wrongly, and names and texts that are misread.
  "and read as or": filterReadAs(/(true) and /, "$1 or "),
  "or read as and": filterReadAs(/ or /, " and "),
  "a not that is ignored": filterReadAs(/not \(/, "("),
  "conditions that are joined from left to right": filterReadAs(/\((name\S* eq "Dirac" or [^()]*?) and /, "(($1) and "),
  "brackets that are ignored": filterReadAs(/\((name\S* eq "Dirac" or [^()]*?)\) and /, "$1 and "),
  "a not that holds for all that follows": filterReadAs(
    /not \(active eq false\) and ([^()]*)/,
    "not (active eq false and $1)",
  ),
  "a not that holds for the first condition only": filterReadAs(
    /not \(active eq false or ([^()]*)\)/,
    "not (active eq false) or $1",
  ),
  "operators in small letters only": notUnderstood(/ (?:EQ|AND|PR|Gt|Or) /),
  "names in their own spelling only": notUnderstood(/USERNAME|FAMILYNAME/),
  "names without URNs only": notUnderstood(/urn:/i),
  "URNs in small letters only": notUnderstood(/URN:/),
  "escaped quotes that are dropped": filterReadAs(/\\"/g, ""),
  "a text that ends at its first quote, escaped or not": filterReadAs(/\\"/g, '"'),
  "JSON escapes that stand for themselves": filterReadAs(/\\u/g, String.raw`\\u`),
  "letters beyond ASCII that are lost": filterReadAs(/[^\x20-\x7e]/g, "?"),
  "an apostrophe that is doubled": filterReadAs(/'/g, "''"),
  "a percent sign that stands for anything": filterReadAs(/name.familyName co "%"/, "name.familyName pr"),
  "an underscore that stands for any letter": filterReadAs(/"Dira_"/, '"Dirac"'),
  // Filters over groups that are misread.
  "eq on groups read as ne": filterReadAs(/ eq /, " ne "),
  "sw on groups read as eq": filterReadAs(/ sw /, " eq "),
  "members that cannot be found": when(filter(/members/), emptied),
  "members that are not compared": filterReadAs(/members(?:\.value eq "[^"]*"|\[[^\]]*\])/, "members pr"),
  "and over groups read as or": filterReadAs(/ and /, " or "),
  "a not over groups that is ignored": filterReadAs(/not \(/, "("),
} satisfies Faults;
