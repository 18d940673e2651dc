// The thread that compares calls with reference rows: parsing a thousand calls and testing their features takes a tenth of a second
// that nobody's answer should wait for. One report, then it ends.
import { parentPort, workerData } from "node:worker_threads";
import type { ReferenceRows } from "../../lib/contract/monitoring.ts";
import { driftReport } from "../../lib/monitoring/drift-report.ts";
import { inputColumns, type RecordedCall } from "./input-columns.ts";

export interface DriftData {
  readonly reference: ReferenceRows;
  readonly calls: readonly RecordedCall[];
}

const { reference, calls } = workerData as DriftData;
parentPort!.postMessage(driftReport(reference, inputColumns(calls, Object.keys(reference))));
