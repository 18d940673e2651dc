// What an application's origin shows when the application itself does not: a plain page that looks again by itself while it starts.
import type { ReachableApplication } from "./service.ts";

export interface Notice {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  readonly link?: { readonly href: string; readonly text: string };
  /** The page loads itself again after this many seconds. */
  readonly againAfter?: number;
}

export function unknownApplication(name: string, server: string): Notice {
  const link = { href: `${server}/ui/applications`, text: "See all applications" };
  return { status: 404, title: `There is no application ${name}`, text: "It may have been deleted.", link };
}

/** @param href opens it with a session */
export function notSignedIn(name: string, href: string): Notice {
  const text = "This address opens with a session that begins in Cellwright.";
  return { status: 401, title: `Open ${name} from Cellwright`, text, link: { href, text: `Open ${name}` } };
}

export function notRunning({ name, status, problem }: ReachableApplication, server: string): Notice {
  const link = { href: `${server}/ui/applications/${name}`, text: "See its log" };
  switch (status) {
    case "starting":
      return { status: 503, title: `${name} is starting`, text: "This page opens by itself.", againAfter: 1 };
    case "restarting":
      return { status: 503, title: `${name} is being restarted`, text: problem, link, againAfter: 2 };
    case "failed":
      return { status: 503, title: `${name} has failed`, text: problem, link };
    case "running":
      return {
        status: 502,
        title: `${name} does not answer`,
        text: "Its process runs but took no call.",
        link,
        againAfter: 2,
      };
    default:
      return { status: 503, title: `${name} is stopped`, text: "Start it in Cellwright.", link };
  }
}

export function noticePage({ title, text, link, againAfter }: Notice): string {
  const again = againAfter === undefined ? "" : `<meta http-equiv="refresh" content="${againAfter}">`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
${again}<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<style>
  body { font: 14px/1.5 system-ui, sans-serif; margin: 18vh auto 0; max-width: 34rem; padding: 0 1rem; }
  h1 { font-size: 1.25rem; }
  p { overflow-wrap: anywhere; }
</style>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(text)}</p>
${link ? `<p><a href="${escaped(link.href)}">${escaped(link.text)}</a></p>` : ""}
</main>
</html>
`;
}

function escaped(text: string): string {
  const names: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text.replace(/[&<>"']/g, (character) => names[character]!);
}
