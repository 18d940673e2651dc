// What passes between a browser and an application: not our cookies, in neither direction, and no claim of the browser's about
// where the request came from. Pure over headers.
import type { IncomingHttpHeaders } from "node:http";

const ours = /^cellwright-/i;

/** A Cookie header without our cookies; undefined when nothing is left. */
export function withoutOurCookies(cookie: string | undefined): string | undefined {
  const others = cookie?.split(";").filter((pair) => !ours.test(pair.trim()));
  return others?.join(";").trim() || undefined;
}

/** The application's Set-Cookie headers: none of our names, and none for more hosts than its own. */
export function ownCookies(headers: readonly string[] | undefined): string[] | undefined {
  const its = headers?.filter((header) => !ours.test(header.trim()));
  return its?.map((header) => header.replace(/;\s*domain\s*=[^;]*/gi, ""));
}

export interface Forwarded {
  readonly address: string | undefined;
  readonly host: string;
}

/** Changes headers into those the application gets. @param keepAuthorization the key in it is not one of ours */
export function toApplication(headers: IncomingHttpHeaders, from: Forwarded, keepAuthorization: boolean): void {
  const cookie = withoutOurCookies(headers.cookie);
  if (cookie === undefined) delete headers.cookie;
  else headers.cookie = cookie;
  if (!keepAuthorization) delete headers.authorization;
  for (const name of Object.keys(headers)) if (/^(x-forwarded-|forwarded$|x-real-ip$)/.test(name)) delete headers[name];
  headers["x-forwarded-host"] = from.host;
  headers["x-forwarded-proto"] = "http";
  if (from.address !== undefined) headers["x-forwarded-for"] = from.address;
  const [, port] = /:(\d+)$/.exec(from.host) ?? [];
  headers["x-forwarded-port"] = port ?? "80";
}
