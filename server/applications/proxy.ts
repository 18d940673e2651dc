// The way to an application: its own origin (NAME.localhost, or a port of its own) in front, its process on a loopback port
// behind. Lets in who has a session with that application, takes our cookies and keys out of what it sees, streams both ways.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import { createProxyServer } from "httpxy";
import { messageOf, refusalFor } from "../errors.ts";
import type { Log } from "../log.ts";
import { ownCookies, toApplication } from "./foreign-headers.ts";
import { type Notice, noticePage, notRunning, notSignedIn, unknownApplication } from "./notice.ts";
import type { ReachableApplication } from "./service.ts";
import type { Tickets } from "./tickets.ts";

export interface ApplicationProxyParts {
  readonly find: (name: string) => ReachableApplication | undefined;
  readonly tickets: Tickets;
  readonly access: ApplicationAccess;
  /** Where Cellwright's own pages are. */
  readonly serverUrl: () => string;
  readonly log: Log;
}

/** Who may, by what auth knows. */
export interface ApplicationAccess {
  /** Host and Origin; throws. */
  guard(req: IncomingMessage): void;
  guardUpgrade(req: IncomingMessage): void;
  newSession(session: { readonly id: string; readonly name: string; readonly port: number }): string;
  hasSession(
    cookies: string | undefined,
    session: { readonly id: string; readonly name: string; readonly port: number },
  ): boolean;
  /** What the key in the Authorization header is to us. */
  keyKind(headers: IncomingHttpHeaders): Promise<"opens" | "ours" | "foreign">;
}

export interface ApplicationProxy {
  handle(name: string, req: IncomingMessage, res: ServerResponse): Promise<void>;
  upgrade(name: string, req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void>;
  /** Ends what is a WebSocket. */
  close(): void;
}

export const ticketParameter = "cellwright-ticket";

export function createApplicationProxy(parts: ApplicationProxyParts): ApplicationProxy {
  const { find, tickets, access, serverUrl, log } = parts;
  const proxy = createProxyServer({});
  const sockets = new Set<Duplex>();
  proxy.on("proxyRes", (reply) => keepOwnCookies(reply));
  proxy.on("proxyReqWs", (outgoing) => outgoing.on("upgrade", keepOwnCookies)); // before what it answers is written

  async function handle(name: string, req: IncomingMessage, res: ServerResponse): Promise<void> {
    const started = performance.now();
    res.once("close", () => {
      const ms = Math.round(performance.now() - started);
      log.info({ application: name, method: req.method, path: pathOf(req), status: res.statusCode, ms }, "request");
    });
    try {
      access.guard(req);
      const application = find(name);
      if (!application) return show(req, res, unknownApplication(name, serverUrl()));
      if (enterWithTicket(application, req, res)) return;
      const key = await access.keyKind(req.headers);
      if (!mayEnter(application, req, key)) return show(req, res, notSignedIn(name, entrance(name, req)));
      if (application.port === undefined) return show(req, res, notRunning(application, serverUrl()));
      toApplication(req.headers, forwardedBy(req), key === "foreign");
      await proxy.web(req, res, { target: targetOf(application.port) });
    } catch (error) {
      refuse(name, req, res, error);
    }
  }

  function mayEnter(
    { id, name, bypassAuthentication }: ReachableApplication,
    req: IncomingMessage,
    key: string,
  ): boolean {
    return (
      bypassAuthentication || key === "opens" || access.hasSession(req.headers.cookie, { id, name, port: portOf(req) })
    );
  }

  /** A ticket in the address becomes a session, and the address loses it. A wrong one is taken away too. */
  function enterWithTicket({ id, name }: ReachableApplication, req: IncomingMessage, res: ServerResponse): boolean {
    if (req.method !== "GET" || !req.url?.includes(`${ticketParameter}=`)) return false;
    const { pathname, searchParams } = new URL(req.url.replace(/^[/\\]+/, "/"), "http://localhost");
    const ticket = searchParams.get(ticketParameter) ?? "";
    searchParams.delete(ticketParameter);
    const query = searchParams.toString();
    res.setHeader("cache-control", "no-store");
    res.setHeader("referrer-policy", "no-referrer");
    if (tickets.redeem(ticket, id)) res.setHeader("set-cookie", access.newSession({ id, name, port: portOf(req) }));
    res.writeHead(302, { location: query ? `${pathname}?${query}` : pathname }).end();
    return true;
  }

  function entrance(name: string, req: IncomingMessage): string {
    return `${serverUrl()}/api/v2/applications/${name}/open?path=${encodeURIComponent(req.url ?? "/")}`;
  }

  function refuse(name: string, req: IncomingMessage, res: ServerResponse, error: unknown): void {
    const { status, code, body } = refusalFor(error);
    if (code !== "internal") {
      log.info({ application: name, path: pathOf(req), code, reason: messageOf(error) }, "refused");
      reply(res, status, json, JSON.stringify(body));
      return;
    }
    log.info({ application: name, path: pathOf(req), reason: messageOf(error) }, "an application did not answer");
    const application = find(name);
    if (application) show(req, res, notRunning(application, serverUrl()));
    else res.destroy();
  }

  async function upgrade(name: string, req: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    socket.on("error", () => {}); // the browser went away
    try {
      access.guardUpgrade(req);
      const application = find(name);
      const key = await access.keyKind(req.headers);
      if (!application || !mayEnter(application, req, key)) return refuseSocket(socket, application ? 401 : 404);
      if (application.port === undefined) return refuseSocket(socket, 503);
      toApplication(req.headers, forwardedBy(req), key === "foreign");
      await proxy.ws(req, socket as Socket, { target: targetOf(application.port) }, head);
    } catch (error) {
      log.info({ application: name, path: pathOf(req), reason: messageOf(error) }, "a WebSocket was refused");
      const { status, code } = refusalFor(error);
      refuseSocket(socket, code === "internal" ? 502 : status);
    }
  }

  return {
    handle,
    upgrade,
    close() {
      for (const socket of sockets) socket.destroy();
    },
  };
}

function keepOwnCookies({ headers }: IncomingMessage): void {
  const cookies = ownCookies(headers["set-cookie"]);
  if (cookies === undefined) return;
  if (cookies.length > 0) headers["set-cookie"] = cookies;
  else delete headers["set-cookie"];
}

function targetOf(port: number): string {
  return `http://127.0.0.1:${port}`;
}

function forwardedBy(req: IncomingMessage): { readonly address: string | undefined; readonly host: string } {
  return { address: req.socket.remoteAddress, host: req.headers.host ?? "" };
}

function portOf(req: IncomingMessage): number {
  return req.socket.localPort ?? 0;
}

function pathOf({ url = "/" }: IncomingMessage): string {
  const at = url.indexOf("?");
  return at < 0 ? url : url.slice(0, at);
}

const json = "application/json; charset=utf-8";

/** A page for people, one JSON object for programs. */
function show(req: IncomingMessage, res: ServerResponse, notice: Notice): void {
  const { status, title, text, againAfter } = notice;
  if (againAfter !== undefined && !res.headersSent) res.setHeader("retry-after", String(againAfter));
  const code = { 401: "unauthorized", 404: "not_found" }[status] ?? "not_ready";
  if (req.headers.accept?.includes("text/html")) reply(res, status, "text/html; charset=utf-8", noticePage(notice));
  else reply(res, status, json, JSON.stringify({ success: false, error: { code, message: `${title}: ${text}` } }));
}

function reply(res: ServerResponse, status: number, type: string, text: string): void {
  if (res.headersSent) return void res.destroy();
  res.writeHead(status, {
    "content-type": type,
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
  });
  res.end(text);
}

function refuseSocket(socket: Duplex, status: number): void {
  const words: Record<number, string> = { 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 502: "Bad Gateway" };
  socket.end(
    `HTTP/1.1 ${status} ${words[status] ?? "Service Unavailable"}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
  );
}
