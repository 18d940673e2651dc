// Requests to an application's own origin: by Host header, for no name under .localhost has to resolve here.
import { type IncomingHttpHeaders, request } from "node:http";

export interface OriginReply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface OriginRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** @param server URL of the server; @param host as a browser would say it, without the port */
export function askOrigin(
  server: string,
  host: string,
  path: string,
  { method = "GET", headers = {}, body }: OriginRequest = {},
): Promise<OriginReply> {
  const { hostname, port } = new URL(server);
  return new Promise((resolve, reject) => {
    const req = request({ hostname, port, method, path, headers: { host: `${host}:${port}`, ...headers } }, (res) => {
      let text = "";
      res.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      res.once("end", () => resolve({ status: res.statusCode!, headers: res.headers, body: text }));
    });
    req.once("error", reject);
    req.end(body);
  });
}
