const dateTimePattern = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})?$/i;
const yearOneMs = Date.parse("0001-01-01T00:00:00.000Z");
const yearTenThousandMs = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * Reads an xsd:dateTime (RFC 7643 section 2.3.5) as milliseconds since 1970. Without a zone it is taken as UTC; finer
 * fractions are truncated. Undefined for any other text, a day outside the calendar, or a year beyond 1 to 9999.
 */
export function parseDateTime(text: string): number | undefined {
  const match = dateTimePattern.exec(text);
  if (match === null) return undefined;
  const [, year = "", month = "", day = "", hour = "", minute = "", second = "", fraction = "", zone = "Z"] = match;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined;
  const midnight = new Date(`${year}-${month}-${day}T00:00:00.000Z`);
  if (Number.isNaN(midnight.getTime()) || midnight.getUTCDate() !== Number(day)) return undefined;
  const milliseconds = fraction === "" ? "000" : fraction.slice(1, 4).padEnd(3, "0");
  const instant = Date.parse(
    `${year}-${month}-${day}T${hour}:${minute}:${second}.${milliseconds}${zone.toUpperCase()}`,
  );
  return instant >= yearOneMs && instant <= yearTenThousandMs ? instant : undefined;
}
