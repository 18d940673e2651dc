// What the processes that we start are given: where the server is, and a key of their own that opens what they need and no more.
// Each key ends with its process; those of one before, which a killed server could not end, end when the next is issued.
import { notebookScopes, type Scope } from "./auth/principal.ts";
import { type AuthService, owner } from "./auth/service.ts";
import { environmentForChildren, environmentForJobs } from "./settings.ts";

export interface ChildPlace {
  readonly url: () => string;
  readonly home: string;
  readonly project: string;
}

export interface ChildEnvironments {
  /** Replicas may read and write metrics; they get nothing else of ours. */
  replica(deploymentId: string): Promise<NodeJS.ProcessEnv>;
  /** What a notebook may, for one run. */
  jobKey(subject: string): Promise<{ readonly key: string; revoke(): Promise<void> }>;
  /** A notebook opened in Lab may do what notebooks may. */
  kernel(kernelId: string): Promise<{ readonly env: NodeJS.ProcessEnv; release(): Promise<void> }>;
  /** A terminal has the owner before it: it finds the server by the home. */
  shell(): NodeJS.ProcessEnv;
  /** The user's own environment apart from ours, which wins. */
  application(id: string): Promise<{
    readonly inherited: NodeJS.ProcessEnv;
    readonly ours: Record<string, string>;
    release(): Promise<void>;
  }>;
}

const replicaScopes: readonly Scope[] = ["metrics:read", "metrics:write"];
/** What an application of the user's needs to find models, call them and show what they did. */
const applicationScopes: readonly Scope[] = [
  "status:read",
  "models:read",
  "models:call",
  "deployments:read",
  "metrics:read",
];
const dayMs = 86_400_000;
const everMs = 3650 * dayMs;
/** A job's time limit may be a week. */
const jobKeyMs = 8 * dayMs;
/** A kernel may be left open over a holiday. */
const kernelKeyMs = 31 * dayMs;

export function childEnvironments(auth: AuthService, { url, home, project }: ChildPlace): ChildEnvironments {
  const ours = (key: string): Record<string, string> => ({
    CELLWRIGHT_URL: url(),
    CELLWRIGHT_TOKEN: key,
    CELLWRIGHT_HOME: home,
    CELLWRIGHT_PROJECT: project,
  });
  const issue = (subject: string, scopes: readonly Scope[], validMs: number) =>
    auth.issueKey(owner, { subject, scopes, validMs });

  return {
    async replica(deploymentId) {
      const subject = `deployment:${deploymentId}`;
      await auth.revokeKeysOf(subject);
      const { key } = await issue(subject, replicaScopes, everMs);
      return { ...environmentForChildren(), ...ours(key) };
    },
    async jobKey(subject) {
      await auth.revokeKeysOf(subject);
      const { id, key } = await issue(subject, notebookScopes, jobKeyMs);
      return { key, revoke: () => auth.revokeKey(id) };
    },
    async kernel(kernelId) {
      const { id, key } = await issue(`kernel:${kernelId}`, notebookScopes, kernelKeyMs);
      return { env: { ...environmentForJobs(), ...ours(key) }, release: () => auth.revokeKey(id) };
    },
    shell: () => ({ ...environmentForJobs(), CELLWRIGHT_HOME: home, CELLWRIGHT_PROJECT: project }),
    async application(applicationId) {
      const subject = `application:${applicationId}`;
      await auth.revokeKeysOf(subject);
      const { id, key } = await issue(subject, applicationScopes, everMs);
      return { inherited: environmentForJobs(), ours: ours(key), release: () => auth.revokeKey(id) };
    },
  };
}
