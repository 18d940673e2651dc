// What answers HTTP: an application's own origin, model calls, and Express for all else, behind the same guards.
import type { Applications } from "./applications/applications.ts";
import { applicationRoutes } from "./applications/routes.ts";
import { applicationOf, type HostRules, refuseForeign } from "./auth/foreign-requests.ts";
import type { RouteRule } from "./auth/route-rules.ts";
import { authRoutes } from "./auth/routes.ts";
import type { AuthService } from "./auth/service.ts";
import { buildRoutes } from "./builds/routes.ts";
import type { BuildService } from "./builds/service.ts";
import type { Deployments } from "./deployments/deployments.ts";
import { isModelCall, modelCallHandler } from "./deployments/model-call.ts";
import { deploymentRoutes } from "./deployments/routes.ts";
import { createExpressApp } from "./express-app.ts";
import { type HttpServer, openHttpServer } from "./http-server.ts";
import type { Jobs } from "./jobs/jobs.ts";
import { jobRoutes } from "./jobs/routes.ts";
import type { Jupyter } from "./jupyter/jupyter.ts";
import type { Log } from "./log.ts";
import { monitoringRoutes, prometheusRoutes } from "./monitoring/routes.ts";
import type { MonitoringService } from "./monitoring/service.ts";
import { plotlyScript } from "./plotly-script.ts";
import { readBody } from "./request-body.ts";
import type { ServerSettings } from "./settings.ts";
import { statusRoutes } from "./status-routes.ts";
import { version } from "./version.ts";

export interface HttpParts {
  readonly settings: ServerSettings;
  /** The built pages. */
  readonly web: string;
  readonly auth: AuthService;
  readonly log: Log;
  readonly monitoring: MonitoringService;
  readonly builds: BuildService;
  readonly deployments: Deployments;
  readonly jobs: Jobs;
  readonly applications: Applications;
  readonly jupyter: Jupyter;
  readonly url: () => string;
}

/**
 * What comes to an application's own origin goes there; model calls go to their plain handler, all else to Express; all behind
 * the same guards.
 */
export function createHttpServer(parts: HttpParts): {
  readonly http: HttpServer;
  readonly rules: readonly RouteRule[];
} {
  const { settings, web, auth, log, monitoring, builds, deployments, jobs, applications, jupyter, url } = parts;
  const { limits } = settings;
  const hostRules = hostRulesOf(settings);
  const { service, routes } = deployments;
  const { app, rules } = createExpressApp({
    auth,
    hostRules,
    log,
    version,
    requestBytes: limits.requestBytes,
    web,
    machine: [prometheusRoutes(monitoring)],
    lab: [jupyter.routes],
    api: [
      statusRoutes({ ...service, listJobs: jobs.service.listJobs, url, version }),
      authRoutes(auth),
      deploymentRoutes(service, { countPredictions: monitoring.countPredictions }),
      buildRoutes(builds),
      jobRoutes(jobs.service, { firstStart: jobs.firstStart, plotlyScript }),
      applicationRoutes(applications),
      monitoringRoutes(monitoring, { findModel: service.getModel }),
    ],
  });
  const callModel = modelCallHandler({
    routes,
    guard: (req) => refuseForeign(req, hostRules),
    authenticate: (req) => auth.authenticate(req.headers, req.socket.localPort ?? 0),
    readBody: (req) => readBody(req, limits.requestBytes),
    record: monitoring.recordPrediction,
    log,
  });
  const http = openHttpServer((req, res) => {
    const application = applicationOf(req.headers.host, hostRules);
    if (application === undefined && isModelCall(req)) return void callModel(req, res);
    http.watch(res);
    if (application !== undefined) return applications.handle(application, req, res);
    app(req, res);
  });
  http.server.on("upgrade", (req, socket, head) => {
    const application = applicationOf(req.headers.host, hostRules);
    if (application !== undefined) return void applications.upgrade(application, req, socket, head);
    if (!jupyter.upgrade(req, socket, head)) socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n");
  });
  return { http, rules };
}

export function hostRulesOf({ host, allowedHosts }: ServerSettings): HostRules {
  return { host, allowedHosts };
}
