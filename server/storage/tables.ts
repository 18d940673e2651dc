// The tables as TypeScript sees them. Times are milliseconds since 1970, JSON is text, ids are text: the same on every engine.
import type { Generated } from "kysely";

/** Every row says whose it is. */
interface Owned {
  readonly project: string;
  /** Id of the principal that made the row. */
  readonly created_by: string;
}

/** Name unique in its project; `access_key` says which model a call is for. */
export interface ModelTable extends Owned {
  readonly id: string;
  readonly crn: string;
  readonly name: string;
  readonly description: string;
  readonly access_key: string;
  readonly created_at: number;
  readonly updated_at: number;
}

/** Immutable code by content hash. The same content may belong to several models: the key is (model_id, id). */
export interface BuildTable extends Owned {
  readonly model_id: string;
  readonly id: string;
  readonly crn: string;
  readonly notebook_path: string;
  readonly function: string;
  readonly comment: string;
  readonly status: string;
  readonly log: string;
  readonly size_bytes: number;
  /** JSON; "" until built. */
  readonly manifest: string;
  readonly created_at: number;
  readonly updated_at: number;
}

export interface DeploymentTable extends Owned {
  readonly id: string;
  readonly model_id: string;
  readonly build_id: string;
  readonly crn: string;
  readonly replicas: number;
  readonly memory_mb: number;
  readonly desired: "running" | "stopped";
  readonly status: string;
  /** "" when well. */
  readonly problem: string;
  /** JSON; null until a replica reported it, or when the model has none. */
  readonly signature: string | null;
  readonly example: string | null;
  readonly created_at: number;
  readonly updated_at: number;
}

/** Which deployments answer a model's calls, and their shares. */
export interface RouteTable extends Owned {
  readonly id: string;
  readonly model_id: string;
  readonly deployment_id: string;
  readonly weight: number;
  readonly created_at: number;
}

/** Who answered: one row a deployment that ever did, so that a prediction carries a small number and outlives its deployment. */
export interface PredictionSourceTable extends Owned {
  readonly id: Generated<number>;
  readonly model_crn: string;
  readonly build_crn: string;
  readonly deployment_crn: string;
  readonly created_at: number;
}

/** One row a call. */
export interface PredictionTable extends Owned {
  readonly uuid: string;
  readonly source_id: number;
  readonly started_at: number;
  readonly ended_at: number;
  /** `ended_at - started_at`, kept for the index that draws series. */
  readonly duration_ms: number;
  readonly status: number;
  readonly probability: number | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
  readonly error_place: string | null;
  readonly request: string;
  readonly response: string;
  readonly metrics: string;
}

/** What came later about a prediction; merged with its own metrics when it is read. */
export interface DelayedMetricsTable extends Owned {
  readonly uuid: string;
  /** JSON object. */
  readonly metrics: string;
  readonly updated_at: number;
}

/** Scores of a stretch of a deployment's calls. */
export interface AggregateMetricsTable extends Owned {
  readonly id: string;
  readonly source_id: number;
  readonly started_at: number;
  readonly ended_at: number;
  /** JSON object. */
  readonly metrics: string;
  readonly updated_at: number;
}

/** When a metric is on this side of the threshold, an alert is raised. One a model, metric and side. */
export interface MonitorRuleTable extends Owned {
  readonly id: string;
  readonly model_crn: string;
  readonly metric: string;
  readonly side: "below" | "above";
  readonly threshold: number;
  readonly created_at: number;
}

/** Keys by hash, never in clear. */
export interface TokenTable extends Owned {
  readonly id: string;
  readonly hash: string;
  /** JSON array. */
  readonly scopes: string;
  readonly subject: string;
  readonly created_at: number;
  /** null: does not expire. */
  readonly expires_at: number | null;
}

/** A notebook or script that runs as a process, and when. Name unique in its project. */
export interface JobTable extends Owned {
  readonly id: string;
  readonly crn: string;
  readonly name: string;
  readonly description: string;
  readonly file: string;
  /** JSON, as are the next two and `after_jobs` (names). */
  readonly parameters: string;
  readonly arguments: string;
  readonly environment: string;
  readonly kernel: string;
  readonly timeout_seconds: number | null;
  readonly retries: number;
  readonly retry_delay_seconds: number;
  readonly overlap: string;
  readonly cron: string | null;
  readonly time_zone: string | null;
  /** When its schedule asks for the next run. */
  readonly next_due: number | null;
  readonly after_jobs: string;
  readonly created_at: number;
  readonly updated_at: number;
}

/** One time of a job. `owner` and `lease_until` say which server runs it, and until when that holds without word from it. */
export interface JobRunTable extends Owned {
  readonly id: string;
  readonly crn: string;
  readonly job_id: string;
  readonly file: string;
  readonly chain: string;
  /** Of this job in this chain, from 1: (chain, job_id, turn) is unique, so that nothing is queued twice. */
  readonly turn: number;
  readonly cause: string;
  /** 1: those that come after it are queued when it has succeeded. */
  readonly chained: number;
  readonly status: string;
  /** From 1; counts retries and interruptions. */
  readonly attempt: number;
  readonly retries_used: number;
  /** JSON, the job's with the run's own over them. */
  readonly parameters: string;
  readonly queued_at: number;
  readonly due_at: number | null;
  readonly started_at: number | null;
  readonly ended_at: number | null;
  readonly stop_requested: number;
  readonly cells: number;
  readonly ran: number;
  /** JSON or null. */
  readonly current: string | null;
  readonly failure: string | null;
  /** JSON list, one item a cell. */
  readonly cell_states: string;
  readonly has_notebook: number;
  readonly log_bytes: number;
  readonly owner: string | null;
  readonly lease_until: number | null;
}

/** A program of the user's own; its name is a host name and unique over all projects. */
export interface ApplicationTable extends Owned {
  readonly id: string;
  readonly crn: string;
  readonly name: string;
  readonly description: string;
  readonly file: string;
  /** JSON object. */
  readonly environment: string;
  readonly memory_mb: number;
  /** 0 or 1. */
  readonly bypass_authentication: number;
  readonly desired: "running" | "stopped";
  /** Why it was given up; "" when it was not. */
  readonly problem: string;
  readonly created_at: number;
  readonly updated_at: number;
}

/** Which migrations this database has been through. */
export interface MigrationTable {
  readonly name: string;
  readonly applied_at: number;
}

export interface Tables {
  readonly model: ModelTable;
  readonly build: BuildTable;
  readonly deployment: DeploymentTable;
  readonly route: RouteTable;
  readonly prediction_source: PredictionSourceTable;
  readonly prediction: PredictionTable;
  readonly delayed_metrics: DelayedMetricsTable;
  readonly aggregate_metrics: AggregateMetricsTable;
  readonly monitor_rule: MonitorRuleTable;
  readonly token: TokenTable;
  readonly job: JobTable;
  readonly job_run: JobRunTable;
  readonly application: ApplicationTable;
  readonly migration: MigrationTable;
}
