// Which address shows which page. Everything a page is set to lives in its address, so that back and links work. A page's code
// comes with its first showing.
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";
import { Crash } from "./pages/crash.tsx";
import { parseDeploymentSearch } from "./pages/deployment/deployment-search.ts";
import { readAhead } from "./pages/deployment/read-ahead.ts";
import { parseModelsSearch } from "./pages/models/models-search.ts";
import { NotFoundPage } from "./pages/not-found-page.tsx";
import { Frame } from "./parts/frame.tsx";
import { type JobsSearch, parseJobsSearch } from "./parts/jobs-search.ts";

const root = createRootRouteWithContext<{ readonly client: QueryClient }>()({
  component: Frame,
  notFoundComponent: NotFoundPage,
  errorComponent: Crash,
});

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  component: lazyRouteComponent(() => import("./pages/home/home-page.tsx"), "HomePage"),
});

const jobs = createRoute({
  getParentRoute: () => root,
  path: "/jobs",
  validateSearch: (search: Record<string, unknown>): JobsSearch => parseJobsSearch(search),
  component: lazyRouteComponent(() => import("./pages/jobs/jobs-page.tsx"), "JobsPage"),
});

const job = createRoute({
  getParentRoute: () => root,
  path: "/jobs/$name",
  component: lazyRouteComponent(() => import("./pages/job/job-page.tsx"), "JobPage"),
});

const jobRun = createRoute({
  getParentRoute: () => root,
  path: "/job-runs/$id",
  component: lazyRouteComponent(() => import("./pages/job-run/job-run-page.tsx"), "JobRunPage"),
});

const models = createRoute({
  getParentRoute: () => root,
  path: "/models",
  validateSearch: parseModelsSearch,
  component: lazyRouteComponent(() => import("./pages/models/models-page.tsx"), "ModelsPage"),
});

const deployment = createRoute({
  getParentRoute: () => root,
  path: "/models/$name",
  validateSearch: parseDeploymentSearch,
  loaderDeps: ({ search: { tab, last, start, end } }) => ({ tab, last, start, end }),
  loader({ context, params, deps, preload }) {
    if (!preload) readAhead(context.client, params.name, deps); // not for every link the mouse passes
  },
  component: lazyRouteComponent(() => import("./pages/deployment/deployment-page.tsx"), "DeploymentPage"),
});

const applications = createRoute({
  getParentRoute: () => root,
  path: "/applications",
  validateSearch: ({ create }: Record<string, unknown>): { create?: boolean } => (create === true ? { create } : {}),
  component: lazyRouteComponent(() => import("./pages/applications/applications-page.tsx"), "ApplicationsPage"),
});

const application = createRoute({
  getParentRoute: () => root,
  path: "/applications/$name",
  component: lazyRouteComponent(() => import("./pages/application/application-page.tsx"), "ApplicationPage"),
});

const routes = root.addChildren([home, jobs, job, jobRun, models, deployment, applications, application]);

export const createPages = (client: QueryClient) =>
  createRouter({
    context: { client },
    routeTree: routes,
    basepath: "/ui",
    trailingSlash: "never",
    scrollRestoration: true,
    defaultPreload: "intent",
  });

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createPages>;
  }
}
