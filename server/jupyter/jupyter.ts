// Jupyter Server's API on this server: contents, kernels, sessions, terminals, and the front end's own. One door for app.ts.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type ErrorRequestHandler, Router } from "express";
import { refusalFor } from "../errors.ts";
import { createCheckpoints } from "./contents/checkpoints.ts";
import { createContents } from "./contents/contents.ts";
import { createPlaces } from "./contents/places.ts";
import { contentsRoutes } from "./contents/routes.ts";
import { createUploads } from "./contents/uploads.ts";
import { createEvents } from "./events/events.ts";
import { eventRoutes } from "./events/routes.ts";
import { kernelEvent } from "./events/schemas.ts";
import { tellingContents } from "./events/telling-contents.ts";
import { createPdfPrinter } from "./export/pdf.ts";
import { exportRoutes } from "./export/routes.ts";
import { createKernels, type KernelEnvironment } from "./kernels/kernels.ts";
import { createKernelspecs } from "./kernels/kernelspecs.ts";
import { kernelRoutes } from "./kernels/routes.ts";
import { exportsRoutes } from "./lab/exports-routes.ts";
import { labRoutes } from "./lab/routes.ts";
import { sessionRoutes } from "./sessions/routes.ts";
import { createSessions } from "./sessions/sessions.ts";
import { jupyterStatusRoutes } from "./status-routes.ts";
import { terminalRoutes } from "./terminals/routes.ts";
import { createTerminals } from "./terminals/terminals.ts";
import { createUpgrades, type Guard, type Upgrades } from "./upgrades.ts";

export interface JupyterParts {
  readonly project: string;
  readonly home: string;
  /** Folder of the built front end. */
  readonly lab: string;
  /** Folder of prebuilt extensions. */
  readonly labExtensions: string;
  readonly environment: KernelEnvironment;
  /** What a terminal's shell is told. */
  readonly shellEnvironment: NodeJS.ProcessEnv;
  readonly guard: Guard;
  /** plotly.js for exported pages. */
  readonly plotly: () => string;
  /** The browser that prints; absent, one is looked for. */
  readonly chromium?: string;
  /** See settings: hiddenFiles. */
  readonly hiddenFiles: boolean;
  /** See settings: kernelIdle. */
  readonly idleMs: number;
  readonly clock: () => number;
  /** Told of what is passed over, in a sentence. */
  readonly onProblem: (problem: string) => void;
}

export interface Jupyter {
  readonly routes: Router;
  readonly upgrade: Upgrades["handle"];
  /** Ends connections, kernels and terminals. */
  close(): Promise<void>;
}

export function openJupyter(parts: JupyterParts): Jupyter {
  const {
    project,
    home,
    lab,
    labExtensions,
    environment,
    shellEnvironment,
    guard,
    plotly,
    chromium,
    hiddenFiles,
    idleMs,
    clock,
    onProblem,
  } = parts;
  mkdirSync(home, { recursive: true });
  const places = createPlaces({ project, home, hiddenFiles });
  const checkpoints = createCheckpoints(join(home, "lab", "checkpoints"));
  const uploads = createUploads(join(home, "lab", "uploads"));
  const events = createEvents({ clock });
  const files = createContents({ places, checkpoints, uploads, trash: join(home, "trash"), clock });
  const contents = tellingContents(files, events);
  const specs = createKernelspecs({ env: shellEnvironment, onProblem: tellOnce(onProblem) });
  const kernels = createKernels({
    places,
    specs,
    environment,
    idleMs,
    clock,
    onAction: (action) => events.emit(kernelEvent, action),
  });
  const terminals = createTerminals({ places, env: shellEnvironment, clock });
  const upgrades = createUpgrades({ kernels, terminals, events, guard });
  const printPdf = createPdfPrinter({ ...(chromium && { named: chromium }), env: shellEnvironment });
  const routes = Router();
  routes.use(
    jupyterStatusRoutes({ kernels, places, clock }),
    contentsRoutes(contents, checkpoints),
    kernelRoutes(kernels, specs),
    sessionRoutes(createSessions(kernels)),
    terminalRoutes(terminals),
    eventRoutes(events),
    exportRoutes(contents, { plotly, printPdf }),
    exportsRoutes(contents),
    labRoutes({
      lab,
      kept: join(home, "lab"),
      project: places.root,
      hiddenFiles,
      extensions: labExtensions,
      onProblem: tellOnce(onProblem),
    }),
    refuseAsJupyter,
  );
  return {
    routes,
    upgrade: upgrades.handle,
    async close() {
      upgrades.close();
      await Promise.all([kernels.close(), terminals.closeAll()]);
    },
  };
}

/** What is looked at again and again is told of once. */
function tellOnce(tell: (problem: string) => void): (problem: string) => void {
  const told = new Set<string>();
  return (problem) => {
    if (told.has(problem)) return;
    told.add(problem);
    tell(problem);
  };
}

/** Jupyter's clients look for `message`; all else of our refusals stays beside it. */
const refuseAsJupyter: ErrorRequestHandler = (error, _req, res, next) => {
  const { code, status, body } = refusalFor(error, res.locals["requestId"] as string);
  if (code === "internal" || code === "unauthorized" || res.headersSent) return next(error);
  res.status(status).json({ message: body.error.message, reason: null, ...body });
};
