// Reads calendar files with ical.js and compares what it finds with what was meant.
//
// usage: node read_calendar.mjs EXPECTED.json DIRECTORY…
//
// Each directory holds NAME.ics for every name in the file. ical.js knows no zones of its own, so
// every local time is read by the file's VTIMEZONE.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import ICAL from "ical.js";

// A property of RFC 7986 that ical.js would take for an unknown one and leave escaped.
ICAL.design.icalendar.property.name = { defaultType: "text" };

function inUtc(time) {
  if (time.isDate) return time.toString();
  const utc = time.convertToZone(ICAL.Timezone.utcTimezone);
  return utc.toString();
}

function user(property) {
  const address = property.getFirstValue();
  if (!address.startsWith("mailto:")) throw new Error(address);
  return { email: address.slice("mailto:".length), name: property.getParameter("cn") };
}

function attendee(property) {
  return {
    ...user(property),
    partstat: property.getParameter("partstat"),
    rsvp: property.getParameter("rsvp") === "TRUE",
  };
}

function conference(property) {
  if (!property) return null;
  if (property.getParameter("feature") !== "VIDEO") throw new Error(property.toICALString());
  return { url: property.getFirstValue(), label: property.getParameter("label") };
}

function describeEvent(component) {
  const value = (name) => component.getFirstPropertyValue(name);
  return {
    uid: value("uid"),
    sequence: value("sequence"),
    status: value("status"),
    starts: inUtc(value("dtstart")),
    ends: inUtc(value("dtend")),
    summary: value("summary"),
    description: value("description"),
    location: value("location"),
    url: value("url"),
    categories: component.getAllProperties("categories").flatMap((one) => one.getValues()),
    related_to: value("related-to"),
    organizer: user(component.getFirstProperty("organizer")),
    attendees: component.getAllProperties("attendee").map(attendee),
    conference: conference(component.getFirstProperty("conference")),
    alarms: component
      .getAllSubcomponents("valarm")
      .map((alarm) => alarm.getFirstPropertyValue("trigger").toString()),
    geo: value("geo"),
  };
}

function describe(text) {
  ICAL.TimezoneService.reset();
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  const found = {
    method: calendar.getFirstPropertyValue("method"),
    events: calendar.getAllSubcomponents("vevent").map(describeEvent),
  };
  for (const name of ["name", "description", "source"]) {
    const value = calendar.getFirstPropertyValue(name);
    if (value !== null) found[name] = value;
  }
  const refresh = calendar.getFirstPropertyValue("refresh-interval");
  if (refresh !== null) found.refresh = refresh.toString();
  return found;
}

// ical.js folds and quotes in its own way, so what it wrote is compared by what it says.
function writeAgain(text) {
  return new ICAL.Component(ICAL.parse(text)).toString();
}

function* differences(expected, found, path) {
  const areObjects = [expected, found].every((one) => typeof one === "object" && one !== null);
  if (areObjects && Array.isArray(expected) === Array.isArray(found)) {
    for (const key of new Set([...Object.keys(expected), ...Object.keys(found)])) {
      yield* differences(expected[key], found[key], `${path}.${key}`);
    }
  } else if (expected !== found) {
    yield `${path}: expected ${JSON.stringify(expected)}, found ${JSON.stringify(found)}`;
  }
}

const [expectedFile, ...directories] = process.argv.slice(2);
const expected = JSON.parse(readFileSync(expectedFile, "utf8"));
let failed = directories.length === 0;
for (const directory of directories) {
  for (const [name, wanted] of Object.entries(expected)) {
    const file = join(directory, `${name}.ics`);
    const text = readFileSync(file, "utf8");
    for (const line of [
      ...differences(wanted, describe(text), file),
      ...differences(wanted, describe(writeAgain(text)), `${file} (written again)`),
    ]) {
      failed = true;
      console.log(line);
    }
  }
  console.log(`${directory}: ${Object.keys(expected).length} files read`);
}
process.exit(failed ? 1 : 0);
