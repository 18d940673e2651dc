// The page that JupyterLab starts from: its options and its scripts. https://jupyterlab.readthedocs.io/en/stable/api/modules/coreutils.PageConfig.html
import { canOpenTerminals } from "../terminals/pseudo-terminal.ts";
import type { LabBuild } from "./lab-build.ts";
import type { LabExtension } from "./lab-extensions.ts";

export interface PageOptions {
  readonly build: LabBuild;
  /** Prebuilt ones that the page loads. */
  readonly extensions: readonly LabExtension[];
  /** The project's folder, as Lab shows it. */
  readonly project: string;
  /** Whether Lab's menu can list what begins with a dot. */
  readonly hiddenFiles: boolean;
  /** What to open: `notebooks/1_data_ingest.ipynb`. */
  readonly treePath: string;
  readonly workspace: string;
}

/** Lab's validator of settings makes functions from text. */
export const labPolicy = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "media-src 'self' data: blob:",
  "frame-src 'self' data: blob:",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "object-src 'none'",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'self'",
].join("; ");

export function labPage(page: PageOptions): string {
  const { build } = page;
  const options = JSON.stringify(pageConfig(page)).replaceAll("<", "\\u003c");
  const scripts = build.scripts.map((name) => `<script defer src="/lab/static/${name}"></script>`).join("\n");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Cellwright Lab</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" type="image/svg+xml" href="/lab/static/favicon.svg" class="idle favicon">
<link rel="" type="image/svg+xml" href="/lab/static/favicon-busy.svg" class="busy favicon">
<script id="jupyter-config-data" type="application/json">${options}</script>
${scripts}
</head>
<body class="jp-ThemedContainer"></body>
</html>
`;
}

function pageConfig({ build, extensions, project, hiddenFiles, treePath, workspace }: PageOptions): object {
  return {
    appName: "Cellwright Lab",
    appNamespace: "lab",
    appVersion: build.version,
    appUrl: "/lab",
    baseUrl: "/",
    wsUrl: "",
    token: "",
    treeUrl: "/lab/tree",
    docUrl: "/lab/doc",
    workspacesUrl: "/lab/workspaces",
    staticUrl: "/lab/static",
    fullAppUrl: "/lab",
    fullTreeUrl: "/lab/tree",
    fullStaticUrl: "/lab/static",
    settingsUrl: "/lab/api/settings",
    fullSettingsUrl: "/lab/api/settings",
    themesUrl: "/lab/api/themes",
    fullThemesUrl: "/lab/api/themes",
    workspacesApiUrl: "/lab/api/workspaces",
    fullWorkspacesApiUrl: "/lab/api/workspaces",
    translationsApiUrl: "/lab/api/translations",
    listingsUrl: "",
    fullListingsUrl: "",
    licensesUrl: "",
    labextensionsUrl: "/lab/extensions",
    fullLabextensionsUrl: "/lab/extensions",
    federated_extensions: extensions.map(({ name, build: what }) => ({ name, ...what })),
    disabledExtensions: [...build.disabledPlugins, ...extensions.flatMap(({ disabledPlugins }) => disabledPlugins)],
    deferredExtensions: [],
    serverRoot: project,
    rootUri: "",
    preferredPath: "",
    userSettingsDir: "",
    treePath,
    workspace,
    mode: "multiple-document",
    frontendUrl: "/lab",
    notebookVersion: "[7, 0, 0]",
    terminalsAvailable: canOpenTerminals(),
    quitButton: false,
    exposeAppInBrowser: false,
    buildAvailable: false,
    buildCheck: false,
    devMode: false,
    cacheFiles: true,
    allow_hidden_files: hiddenFiles,
    delete_to_trash: true,
    store_id: 0,
  };
}

/** For whoever comes without a session. No script, so that the page needs nothing of us. */
export const signInPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Sign in · Cellwright Lab</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 18vh auto 0; padding: 0 1.5rem }
h1 { font-size: 1.3rem }
code { font: 13px ui-monospace, monospace }
label { display: block; font-weight: 600; margin-top: 1.5rem }
input { font: inherit; padding: .4rem .5rem; width: 100%; box-sizing: border-box; margin: .3rem 0 .8rem }
button { font: inherit; padding: .4rem .9rem }
</style>
</head>
<body>
<main>
<h1>Sign in to open Lab</h1>
<p>The server does not know this browser. Open the link that <code>cellwright start</code> printed, or paste the token from it.</p>
<form method="get">
<label for="token">Start token</label>
<input id="token" name="token" type="password" autocomplete="off" required>
<button>Open Lab</button>
</form>
</main>
</body>
</html>
`;
